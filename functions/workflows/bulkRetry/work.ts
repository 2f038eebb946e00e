import { z } from 'zod';
import { recordAudit } from '../../access/index.ts';
import type { Db } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { retryRun } from '../controlRun.ts';
import { type CursorOutcome, cursorWork } from '../cursorWork.ts';
import type { Workflows } from '../registry.ts';
import type { SliceContext, SlicedWork } from '../slice.ts';
import { BULK_RETRY_SYNC_TYPE, type BulkRetryPayload, bulkRetryPayload } from './payload.ts';
import { selectFailed } from './selection.ts';

/** So many portions a minute share what may be retried in it. */
const PORTIONS_A_MINUTE = 6;
/** Of the runs that could not be retried, so many are named. */
const NAMED_REFUSALS = 20;
const RETRIED = 'workflow_run.retried';

const bulkCursor = z.object({
  after: z.string(),
  refused: z.int(),
  refusals: z.array(z.object({ runId: z.string(), reason: z.string() })),
});
type BulkCursor = z.infer<typeof bulkCursor>;

/**
 * Retries failed runs, a portion a slice, so many a minute (SPEC W10). A slice that is repeated after a crash meets only
 * runs that still stand as they failed; what was retried is counted from the audit log, not added up.
 */
export function bulkRetryWork(workflows: Workflows): SlicedWork {
  return cursorWork({
    syncType: BULK_RETRY_SYNC_TYPE,
    runSlice: async (context, stored) => {
      const payload = bulkRetryPayload.parse(context.run.payload);
      const cursor: BulkCursor =
        stored === undefined ? { after: '', refused: 0, refusals: [] } : bulkCursor.parse(stored);
      return await retryPortion(context, workflows, payload, cursor);
    },
  });
}

async function retryPortion(
  context: SliceContext,
  workflows: Workflows,
  payload: BulkRetryPayload,
  cursor: BulkCursor,
): Promise<CursorOutcome> {
  const { run, services, deadline } = context;
  const portion = Math.max(1, Math.floor(payload.perMinute / PORTIONS_A_MINUTE));
  const failed = await selectFailed(services.database.db, {
    organizationId: run.organizationId,
    tag: payload.tag,
    names: payload.names,
    failedBy: new Date(payload.failedBy),
  })
    .where('sync_runs.id', '>', cursor.after)
    .limit(portion)
    .execute();
  let next = cursor;
  for (const { id } of failed) {
    if (services.now() >= deadline) break;
    await context.extendLease();
    next = { ...afterRefusal(next, id, await retryOne(context, workflows, payload, id)), after: id };
  }
  const isLast = failed.length < portion && (failed.at(-1)?.id ?? next.after) === next.after;
  const retried = await countRetried(services.database.db, context);
  const result = { retried, refused: next.refused, refusals: next.refusals };
  const progress = { recordsIn: retried + next.refused, recordsOut: retried, result };
  const apply = (): Promise<void> => Promise.resolve();
  if (isLast) return { kind: 'finished', status: 'complete', reason: null, result, progress, apply };
  const nextAt = new Date(services.now().getTime() + (portion / payload.perMinute) * 60_000);
  return { kind: 'continue', cursor: next, progress, apply, nextAt };
}

function afterRefusal(cursor: BulkCursor, runId: string, reason: string | null): BulkCursor {
  if (reason === null) return cursor;
  const refusals = [...cursor.refusals, { runId, reason }].slice(0, NAMED_REFUSALS);
  return { ...cursor, refused: cursor.refused + 1, refusals };
}

/** Null: it goes on; else why it cannot. A run that somebody else has retried meanwhile goes on as well, and is theirs. */
async function retryOne(
  { run, services }: SliceContext,
  workflows: Workflows,
  { by }: BulkRetryPayload,
  runId: string,
): Promise<string | null> {
  const { organizationId, runId: bulkRunId } = run;
  try {
    await retryRun(services, workflows, {
      organizationId,
      runId,
      by: `${by}, in ${bulkRunId}`,
      alongside: (tx) =>
        recordAudit(tx, {
          id: services.newId(),
          at: services.now(),
          organizationId,
          actor: { kind: 'system', name: 'bulk retry' },
          action: RETRIED,
          subjectType: 'run',
          subjectId: runId,
          detail: { bulkRunId, requestedBy: by },
          correlationId: bulkRunId,
        }),
    });
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message;
  }
}

async function countRetried(db: Db, { run }: SliceContext): Promise<number> {
  const { count } = await db
    .selectFrom('audit_log')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organization_id', '=', run.organizationId)
    .where('created_at', '>=', run.startedAt)
    .where('correlation_id', '=', run.runId)
    .where('action', '=', RETRIED)
    .executeTakeFirstOrThrow();
  return count;
}
