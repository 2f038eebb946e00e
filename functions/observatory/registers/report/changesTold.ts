import { CHANGE_TYPES } from '../../../../shared/domain/registerChanges.ts';
import type { Db } from '../../../platform/database/index.ts';
import { changeCounts } from '../choosing.ts';

/** Of each kind of change; the others are counted. */
const SHOWN_OF_KIND = 25;

export interface ToldChange {
  readonly eventType: string;
  readonly entityType: string;
  readonly entityCode: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly detail: string | null;
}

/** What one run changed: how often each kind, and the first of each. */
export interface ToldChanges {
  readonly counts: ReadonlyMap<string, number>;
  readonly shown: readonly ToldChange[];
}

export async function changesOfRun(tx: Db, runId: string): Promise<ToldChanges> {
  const counts = inOrder(await changeCounts(tx, runId));
  const shown: ToldChange[] = [];
  for (const eventType of counts.keys()) shown.push(...(await firstOfKind(tx, runId, eventType)));
  return { counts, shown };
}

/** By the order in which one entity's changes are told. */
function inOrder(counts: Readonly<Record<string, number>>): Map<string, number> {
  const place = ([type]: readonly [string, number]): number =>
    (CHANGE_TYPES as readonly string[]).indexOf(type);
  return new Map(Object.entries(counts).toSorted((a, b) => place(a) - place(b)));
}

async function firstOfKind(tx: Db, runId: string, eventType: string): Promise<ToldChange[]> {
  const rows = await tx
    .selectFrom('change_events')
    .select(['event_type', 'entity_type', 'entity_code', 'old_value', 'new_value', 'detail'])
    .where('run_id', '=', runId)
    .where('event_type', '=', eventType)
    .orderBy('id')
    .limit(SHOWN_OF_KIND)
    .execute();
  return rows.map((row) => ({
    eventType: row.event_type,
    entityType: row.entity_type,
    entityCode: row.entity_code,
    oldValue: row.old_value,
    newValue: row.new_value,
    detail: row.detail,
  }));
}
