import type { RowPage, TableRow } from '../platform/tables/tables.ts';
import { type Place, placeOfCursor, toCursor } from './cursor.ts';

/** Of one answer. What is looked for may be rare: then the page is short, and its cursor goes on from there. */
const MAX_REQUESTS = 30;

/** How the partitions that a question touches (days, weeks) are gone through, one after another. */
export interface Stretches<Line> {
  /** The stretch to read, by its first millisecond: the first one, or the one at a place. Undefined: there is none any more. */
  at(place: Place | undefined): number | undefined;
  /** Any moment of the stretch that is read after this one. */
  after(stretchMs: number): number;
  /** One page of it, from a place within it; `lacking` lines are wanted. */
  page(stretchMs: number, place: Place | undefined, lacking: number): Promise<RowPage>;
  /** Undefined: the line is not among those asked for. */
  lineOf(row: TableRow): Line | undefined;
}

/** A page of lines, with the place where the next one begins; a short or even empty page with a cursor means that there is more to look through. */
export async function readStretches<Line>(
  stretches: Stretches<Line>,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<{ readonly lines: Line[]; readonly nextCursor: string | null }> {
  const found: { readonly line: Line; readonly after: Place }[] = [];
  const lines = (): Line[] => found.slice(0, limit).map(({ line }) => line);
  let place: Place | undefined = cursor === undefined ? undefined : placeOfCursor(cursor);
  for (let requests = 0; requests < MAX_REQUESTS && found.length <= limit; requests += 1) {
    const stretch = stretches.at(place);
    if (stretch === undefined) return { lines: lines(), nextCursor: null };
    const { rows, continuation } = await stretches.page(stretch, place, limit + 1 - found.length);
    for (const row of rows) {
      const line = stretches.lineOf(row);
      if (line !== undefined) found.push({ line, after: afterRow(stretch, row) });
    }
    place =
      continuation === undefined ? { dayMs: stretches.after(stretch) } : goingOn(stretch, rows, continuation);
  }
  const more = found.length > limit ? found[limit - 1]?.after : place;
  return { lines: lines(), nextCursor: more === undefined ? null : toCursor(more) };
}

/** A key says it too, and is shorter than what the storage names. */
function goingOn(dayMs: number, rows: readonly TableRow[], continuation: string): Place {
  const last = rows.at(-1);
  return last === undefined ? { dayMs, continuation } : afterRow(dayMs, last);
}

/** No key begins with another one: the next one is whatever sorts after this and one more character. */
function afterRow(dayMs: number, row: TableRow): Place {
  return { dayMs, from: `${row.rowKey}~` };
}
