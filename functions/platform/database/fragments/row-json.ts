import { baseType, idMaxLength, keyBytes } from './column-type.ts';
import type { AnyRows, ColumnType, ColumnTypes } from './column-type.ts';

/** What differs between the dialects in a row's JSON. */
export interface JsonForm {
  readonly text: (column: string, value: string) => string;
  readonly bool: (value: boolean) => boolean | number;
}

/**
 * Rows as the one JSON parameter that both databases turn back into a table. Keys travel as hex, instants as ISO
 * text with an offset. NUL and lone surrogates, which PostgreSQL cannot hold in text, become U+FFFD.
 * Throws TypeError, naming the column, for a value that is not of its type.
 */
export function rowsToJson(columns: ColumnTypes, rows: AnyRows, form: JsonForm): string {
  const types = Object.entries(columns);
  return JSON.stringify(rows.map((row) => sentRow(types, row, form)));
}

function sentRow(
  types: ReadonlyArray<[string, ColumnType]>,
  row: AnyRows[number],
  form: JsonForm,
): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const [name, type] of types) sent[name] = memberOf(name, type, row[name], form);
  return sent;
}

function memberOf(name: string, type: ColumnType, value: unknown, form: JsonForm): unknown {
  if ((value === null || value === undefined) && type.endsWith('?')) return null;
  const member = toMember(name, type, value, form);
  if (member === undefined) throw refused(name, type, value);
  return member;
}

/** Undefined for a value that is not of the type. */
function toMember(name: string, type: ColumnType, value: unknown, form: JsonForm): unknown {
  switch (baseType(type)) {
    case 'text':
    case 'json':
      return typeof value === 'string' ? form.text(name, storableText(value)) : undefined;
    case 'id':
      return typeof value === 'string' && value.length <= idMaxLength
        ? form.text(name, storableText(value))
        : undefined;
    case 'int':
    case 'bigint':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'float':
      return Number.isFinite(value) ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? form.bool(value) : undefined;
    case 'instant':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? instantText(value) : undefined;
    case 'key':
      return value instanceof Uint8Array && value.length === keyBytes
        ? Buffer.from(value).toString('hex')
        : undefined;
  }
}

/** Text that both databases can hold. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** `+00:00` and not `Z`: every T-SQL server reads it as datetimeoffset. */
function instantText(value: Date): string {
  return value.toISOString().replace('Z', '+00:00');
}

function refused(name: string, type: ColumnType, value: unknown): TypeError {
  return new TypeError(`Cannot send column ${name} to the database: got ${describe(value)}, wanted ${type}`);
}

/** Never a text's content: it may be long, or a secret. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object') return value === null ? 'null' : value.constructor.name;
  return typeof value === 'number' || typeof value === 'boolean' ? `${typeof value} ${value}` : typeof value;
}
