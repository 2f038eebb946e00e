import { type WorkflowContext, WorkflowFault } from '../workflows/index.ts';

/**
 * Refuses to compare what a run read once another of `syncTypes` has read the same: a comparison that failed and is retried days later
 * would compare with rows that the later one took over or put away, and with what is no longer so. To be asked within an activity.
 * Throws WorkflowFault.
 */
export async function refuseOvertaken(
  { run, services }: WorkflowContext,
  syncTypes: readonly string[],
): Promise<void> {
  const later = await services.database.db
    .selectFrom('sync_runs')
    .select(['id', 'sync_type'])
    .where('organization_id', '=', run.organizationId)
    .where('sync_type', 'in', syncTypes)
    .where('started_at', '>', run.startedAt)
    // Not those that never came to read: their occurrence fell into this run, say.
    .where('records_in', 'is not', null)
    .orderBy('started_at')
    .limit(1)
    .executeTakeFirst();
  if (later === undefined) return;
  throw new WorkflowFault(
    `${later.sync_type} has read the same since this run began (run ${later.id}): what it read is out of date. A retry stops here again; start it anew.`,
  );
}
