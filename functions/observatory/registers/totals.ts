import type { Db } from '../../platform/database/index.ts';
import { metSince, type Walk } from './store.ts';

/** One or more kinds of entities in one register. */
export interface EntityKinds {
  readonly organizationId: string;
  readonly register: string;
  readonly entityTypes: readonly string[];
}

function liveEntities(db: Db, { organizationId, register, entityTypes }: EntityKinds) {
  return db
    .selectFrom('register_entities')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('register', '=', register)
    .where('entity_type', 'in', entityTypes)
    .where('gone_at', 'is', null);
}

/** Entities that are there, as far as is known. */
export async function countLive(db: Db, kinds: EntityKinds): Promise<number> {
  return (await liveEntities(db, kinds).executeTakeFirstOrThrow()).count;
}

/** Of those, how many a walk met, or somebody after it. */
export async function countSeen(db: Db, kinds: EntityKinds, walk: Walk): Promise<number> {
  const seen = liveEntities(db, kinds).where((eb) => metSince(eb, walk));
  return (await seen.executeTakeFirstOrThrow()).count;
}

export interface StatusTotal {
  readonly entityType: string;
  readonly status: string | null;
  readonly live: number;
}

/** What a register holds, by kind and status. */
export async function totalsByStatus(
  db: Db,
  { organizationId, register }: Omit<EntityKinds, 'entityTypes'>,
): Promise<StatusTotal[]> {
  const rows = await db
    .selectFrom('register_entities')
    .select((eb) => ['entity_type', 'status', eb.fn.countAll<number>().as('count')])
    .where('organization_id', '=', organizationId)
    .where('register', '=', register)
    .where('gone_at', 'is', null)
    .groupBy(['entity_type', 'status'])
    .orderBy('entity_type')
    .orderBy('status')
    .execute();
  return rows.map(({ entity_type: entityType, status, count: live }) => ({ entityType, status, live }));
}
