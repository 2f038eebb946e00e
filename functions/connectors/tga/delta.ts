import {
  readRegisterCursor,
  type RegisterCycle,
  type SeenRow,
  storeRows,
  writeRegisterCursor,
} from '../../observatory/index.ts';
import { LIST_START, type ListCursor } from '../listWalk.ts';
import { type Search, tgaClient } from './api.ts';
import { walkSearch } from './search.ts';

const DAY_MS = 24 * 3_600_000;
/** The register dates by days, and sometimes back: so much of the time before the last walk is asked for again. */
const OVERLAP_MS = 7 * DAY_MS;
/** Of so many weeks one asks for everything: whatever the register changes without dating it is found then. */
const FULL_EVERY_WEEKS = 4;

interface DeltaCursor extends ListCursor {
  /** Null: everything. Undefined: this is the first page, which looks it up. */
  readonly since?: string | null;
}

export interface DeltaWalk<Item> {
  readonly step: 'sync_training' | 'sync_orgs';
  readonly search: Search<Item>;
  /** OData fields that date a change; none: each walk takes everything. */
  readonly changeFields: readonly string[];
  readonly rowOf: (item: Item) => SeenRow;
}

/**
 * A walk over what changed since the last one: where the next goes on is stored with its last page. The first walk of all takes
 * everything.
 */
export async function deltaWalk<Item>(
  cycle: RegisterCycle,
  recordChanges: boolean,
  { step, search, changeFields, rowOf }: DeltaWalk<Item>,
): Promise<void> {
  const { services, run } = cycle.context;
  const nextSince = new Date(run.startedAt.getTime() - OVERLAP_MS).toISOString();
  await cycle.context.pages<SeenRow, DeltaCursor>(
    step,
    {
      first: LIST_START,
      fetch: async (cursor, activity) => {
        const since = cursor.since === undefined ? await firstSince(cycle, step, changeFields) : cursor.since;
        const filter = since === null ? undefined : changedSince(changeFields, since);
        const found = await walkSearch(tgaClient(services), { ...search, filter }, cursor, activity);
        return {
          rows: found.items.map(rowOf),
          next: found.next === null ? null : { ...found.next, since },
          ...(found.total === 0 && since !== null
            ? { idle: `it finds none that changed since ${since}` }
            : {}),
        };
      },
      apply: async (rows, tx, context, next) => {
        const changed = await storeRows(tx, cycle, rows, { recordChanges }, context);
        if (next === null)
          await writeRegisterCursor(tx, { ...cycle, name: step }, { since: nextSince }, context);
        return changed;
      },
    },
    { phase: true },
  );
}

/** Told by the calendar, so that it needs no memory. */
export function isFullWeek(startedAt: Date): boolean {
  return Math.floor(startedAt.getTime() / (7 * DAY_MS)) % FULL_EVERY_WEEKS === 0;
}

function changedSince(fields: readonly string[], since: string): string {
  return fields.map((field) => `${field} ge ${since}`).join(' or ');
}

async function firstSince(
  cycle: RegisterCycle,
  name: string,
  changeFields: readonly string[],
): Promise<string | null> {
  if (changeFields.length === 0 || isFullWeek(cycle.context.run.startedAt)) return null;
  const stored = await readRegisterCursor(cycle.context.services.database.db, { ...cycle, name });
  return (stored as { since: string } | undefined)?.since ?? null;
}
