import { baseType, idMaxLength } from './column-type.ts';
import type { ColumnType } from './column-type.ts';

/**
 * Rows as the one JSON parameter that both databases turn back into a table. Keys travel as hex, instants as ISO
 * text with an offset. NUL and lone surrogates, which PostgreSQL cannot hold in text, become U+FFFD.
 */
export function rowsToJson(
  columns: Readonly<Record<string, ColumnType>>,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
): string {
  const types = Object.entries(columns);
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(types.map(([name, type]) => [name, memberOf(name, type, row[name])])),
    ),
  );
}

function memberOf(name: string, type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) {
    if (type.endsWith('?')) return null;
    throw refused(name, type, value);
  }
  switch (baseType(type)) {
    case 'text':
    case 'json':
      return typeof value === 'string' ? storableText(value) : refuse(name, type, value);
    case 'id':
      return typeof value === 'string' && value.length <= idMaxLength
        ? storableText(value)
        : refuse(name, type, value);
    case 'int':
    case 'bigint':
      return Number.isSafeInteger(value) ? value : refuse(name, type, value);
    case 'float':
      return Number.isFinite(value) ? value : refuse(name, type, value);
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(name, type, value);
    case 'instant':
      return value instanceof Date ? instantText(value) : refuse(name, type, value);
    case 'key':
      return value instanceof Uint8Array && value.length <= 32
        ? Buffer.from(value).toString('hex')
        : refuse(name, type, value);
  }
}

/** Text that both databases can hold. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** `+00:00` and not `Z`: every T-SQL server reads it as datetimeoffset. Throws RangeError for an invalid Date. */
export function instantText(value: Date): string {
  return value.toISOString().replace('Z', '+00:00');
}

function refuse(name: string, type: ColumnType, value: unknown): never {
  throw refused(name, type, value);
}

function refused(name: string, type: ColumnType, value: unknown): TypeError {
  const shown = typeof value === 'string' ? `a text of ${value.length} characters` : describe(value);
  return new TypeError(`Cannot send column ${name} to the database: got ${shown}, wanted ${type}`);
}

function describe(value: unknown): string {
  if (typeof value === 'object') return value === null ? 'null' : value.constructor.name;
  return typeof value === 'number' || typeof value === 'boolean' ? `${typeof value} ${value}` : typeof value;
}
