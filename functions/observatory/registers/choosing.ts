import type { ChangeType } from '../../../shared/domain/registerChanges.ts';
import type { Db } from '../../platform/database/index.ts';
import type { EntityKinds } from './totals.ts';

/** An entity by its name in a register. */
export interface EntityKey {
  readonly entityType: string;
  readonly code: string;
}

function selectKeys(db: Db, { organizationId, register, entityTypes }: EntityKinds) {
  return db
    .selectFrom('register_entities')
    .select(['entity_type as entityType', 'code'])
    .where('organization_id', '=', organizationId)
    .where('register', '=', register)
    .where('entity_type', 'in', entityTypes)
    .where('gone_at', 'is', null);
}

/** Live entities whose details are oldest, those without any first; only what was not refreshed since `before`. */
export async function longestUnrefreshed(
  db: Db,
  kinds: EntityKinds,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<EntityKey[]> {
  return selectKeys(db, kinds)
    .where((eb) => eb.or([eb('refreshed_at', 'is', null), eb('refreshed_at', '<', before)]))
    .orderBy('refreshed_at', (order) => order.asc().nullsFirst())
    .orderBy('code')
    .limit(limit)
    .execute();
}

/** Live entities that have no details yet, or changed since they got them, by kind and code. */
export async function wantingDetails(
  db: Db,
  kinds: EntityKinds,
  { after, limit }: { readonly after: EntityKey; readonly limit: number },
): Promise<EntityKey[]> {
  return selectKeys(db, kinds)
    .where((eb) => eb.or([eb('refreshed_at', 'is', null), eb('refreshed_at', '<', eb.ref('changed_at'))]))
    .where((eb) =>
      eb.or([
        eb('entity_type', '>', after.entityType),
        eb.and([eb('entity_type', '=', after.entityType), eb('code', '>', after.code)]),
      ]),
    )
    .orderBy('entity_type')
    .orderBy('code')
    .limit(limit)
    .execute();
}

/** Codes of which a run told a kind of change. */
export async function changedCodes(
  db: Db,
  wanted: { readonly runId: string; readonly entityType: string; readonly eventType: ChangeType },
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('change_events')
    .select('entity_code')
    .distinct()
    .where('run_id', '=', wanted.runId)
    .where('entity_type', '=', wanted.entityType)
    .where('event_type', '=', wanted.eventType)
    .where('entity_code', '>', after)
    .orderBy('entity_code')
    .limit(limit)
    .execute();
  return rows.map((row) => row.entity_code);
}

/** How many changes of each kind a run told. */
export async function changeCounts(db: Db, runId: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('change_events')
    .select((eb) => ['event_type', eb.fn.countAll<number>().as('count')])
    .where('run_id', '=', runId)
    .groupBy('event_type')
    .orderBy('event_type')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.event_type, row.count]));
}
