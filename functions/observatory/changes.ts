import type { QueryOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type { ChangeEvent, changes } from '../../shared/contract/workflows.ts';
import type { Services } from '../platform/services.ts';
import { type ChangeRow, pageOfChanges } from './store/changes.ts';

const PAGE = 50;

/** One page of what changed in registers, over all runs of an organization, newest first. */
export async function readChanges(
  services: Services,
  organizationId: string,
  query: QueryOf<typeof changes>,
): Promise<ResponseOf<typeof changes>> {
  const { cursor, limit = PAGE, from, to, ...filter } = query;
  const between = {
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
  const { db } = services.database;
  const found = await pageOfChanges(db, { organizationId, ...filter, ...between }, { cursor, limit });
  return {
    now: services.now().toISOString(),
    changes: found.rows.map(changeOf),
    nextCursor: found.nextCursor ?? null,
  };
}

function changeOf(row: ChangeRow): ChangeEvent {
  return {
    changeId: row.id,
    runId: row.run_id,
    register: row.register,
    eventType: row.event_type,
    entityType: row.entity_type,
    entityCode: row.entity_code,
    oldValue: row.old_value,
    newValue: row.new_value,
    detail: row.detail,
    createdAt: row.created_at.toISOString(),
  };
}
