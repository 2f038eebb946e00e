import { z } from 'zod';
import { BadCursorError } from '../platform/database/index.ts';
import { TablesError } from '../platform/tables/tables.ts';

/** Where a listing goes on: within a day, or at its beginning. */
export interface Place {
  /** Any moment of the day. */
  readonly dayMs: number;
  /** From this key on. */
  readonly from?: string | undefined;
  /** Where the storage's own page ended. */
  readonly continuation?: string | undefined;
}

const shape = z.tuple([
  z.int().min(-8.64e15).max(8.64e15),
  z.string().max(60).nullable(),
  z.string().max(400).nullable(),
]);

export function toCursor({ dayMs, from, continuation }: Place): string {
  return Buffer.from(JSON.stringify([dayMs, from ?? null, continuation ?? null])).toString('base64url');
}

/** Reads what `toCursor` wrote; throws `BadCursorError` for anything else. */
export function placeOfCursor(cursor: string): Place {
  const read = shape.safeParse(parsed(cursor));
  if (!read.success) throw new BadCursorError('it cannot be read');
  const [dayMs, from, continuation] = read.data;
  return { dayMs, from: from ?? undefined, continuation: continuation ?? undefined };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The storage did not know the place that the caller named. */
export function asBadCursor(error: unknown): never {
  if (error instanceof TablesError && error.kind === 'permanent')
    throw new BadCursorError('the storage does not know it');
  throw error;
}
