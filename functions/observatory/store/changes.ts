import { type Db, page } from '../../platform/database/index.ts';

export interface ChangeFilter {
  readonly organizationId: string;
  readonly register?: string | undefined;
  readonly eventType?: string | undefined;
  readonly entityType?: string | undefined;
  readonly entityCode?: string | undefined;
  readonly runId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One page of the change feed, newest first. Throws BadCursorError. */
export async function pageOfChanges(
  db: Db,
  filter: ChangeFilter,
  at: { readonly cursor?: string | undefined; readonly limit: number },
) {
  const { register, eventType, entityType, entityCode, runId, from, to } = filter;
  let query = db
    .selectFrom('change_events')
    .select([
      'id',
      'run_id',
      'register',
      'event_type',
      'entity_type',
      'entity_code',
      'old_value',
      'new_value',
      'detail',
      'created_at',
    ])
    .where('organization_id', '=', filter.organizationId);
  if (register !== undefined) query = query.where('register', '=', register);
  if (eventType !== undefined) query = query.where('event_type', '=', eventType);
  if (entityType !== undefined) query = query.where('entity_type', '=', entityType);
  if (entityCode !== undefined) query = query.where('entity_code', '=', entityCode);
  if (runId !== undefined) query = query.where('run_id', '=', runId);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<=', to);
  return page(query, {
    order: [
      { column: 'created_at', type: 'instant', direction: 'desc' },
      { column: 'id', type: 'text', direction: 'desc' },
    ],
    ...at,
  });
}

export type ChangeRow = Awaited<ReturnType<typeof pageOfChanges>>['rows'][number];
