import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a page may be ordered by; never null in any row. */
export type OrderValue = string | number | Date | Buffer;

export type OrderType = 'text' | 'int' | 'bigint' | 'instant' | 'key';

export interface CursorColumn {
  readonly name: string;
  readonly type: OrderType;
  readonly descending: boolean;
}

/** The cursor of a request is not one that this list gave out; the caller's fault, HTTP 400. */
export class BadCursorError extends Error {
  constructor(reason: string) {
    super(`Cannot go on from this cursor: ${reason}, wanted the nextCursor of the previous page unchanged`);
    this.name = 'BadCursorError';
  }
}

const cursorShape = z.tuple([z.string(), z.array(z.union([z.string(), z.number()]))]);

/** The last row of a page as opaque text: its order values, bound to the order they belong to. */
export function encodeCursor(
  columns: readonly CursorColumn[],
  row: Readonly<Record<string, unknown>>,
): string {
  const values = columns.map((column) => toJson(column, row[column.name]));
  return Buffer.from(JSON.stringify([orderMark(columns), values])).toString('base64url');
}

/** Reads what `encodeCursor` wrote for the same order; anything else is a BadCursorError, before it reaches the database. */
export function decodeCursor(columns: readonly CursorColumn[], cursor: string): OrderValue[] {
  const shape = cursorShape.safeParse(parsed(cursor));
  if (!shape.success) throw new BadCursorError('it cannot be read');
  const [mark, values] = shape.data;
  if (mark !== orderMark(columns)) throw new BadCursorError('it belongs to a list in another order');
  return columns.map((column, index) => fromJson(column, values[index]));
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function orderMark(columns: readonly CursorColumn[]): string {
  const text = columns.map(({ name, type, descending }) => `${name} ${type} ${descending}`).join();
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

function toJson(column: CursorColumn, value: unknown): string | number {
  if (column.type === 'instant' && value instanceof Date) return value.getTime();
  if (column.type === 'key' && value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (column.type === 'text' && typeof value === 'string') return value;
  if ((column.type === 'int' || column.type === 'bigint') && typeof value === 'number') return value;
  throw new TypeError(
    `Cannot make a cursor: column ${column.name} of the last row is ${typeof value}, wanted ${column.type}`,
  );
}

const int32Max = 2_147_483_647;
const instantMaxMs = Date.UTC(9999, 0, 1);

function fromJson(column: CursorColumn, value: string | number | undefined): OrderValue {
  switch (column.type) {
    case 'text':
      if (typeof value === 'string' && value.isWellFormed() && !value.includes('\0')) return value;
      break;
    case 'key':
      if (typeof value === 'string' && /^([0-9a-f]{2}){1,32}$/.test(value)) return Buffer.from(value, 'hex');
      break;
    case 'instant':
      if (isWhole(value, instantMaxMs)) return new Date(value);
      break;
    case 'int':
      if (isWhole(value, int32Max)) return value;
      break;
    case 'bigint':
      if (isWhole(value, Number.MAX_SAFE_INTEGER)) return value;
      break;
  }
  throw new BadCursorError(`its value of ${column.name} is not ${column.type}`);
}

function isWhole(value: unknown, max: number): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= max;
}
