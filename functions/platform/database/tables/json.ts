import type { ColumnType } from 'kysely';

/** A column whose name ends in `_json`: unknown when read (parse it with zod), text made by `json()` when written. */
export type Json = ColumnType<unknown, JsonText, JsonText>;
export type NullableJson = ColumnType<unknown, JsonText | null | undefined, JsonText | null>;

/** Text that `json()` made, so that a plain string is never stored as JSON by mistake. */
export type JsonText = string & { readonly madeBy: 'json()' };

/** The text to write into a `_json` column; undefined members are left out, as JSON.stringify does. */
export function json(value: unknown): JsonText {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`Cannot store ${typeof value} as JSON: wanted a JSON value`);
  return text as JsonText;
}
