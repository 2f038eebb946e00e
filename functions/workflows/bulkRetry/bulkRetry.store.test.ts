import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../../test/support/workflows.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import type { ErrorTag } from '../../../shared/domain/errorTags.ts';
import { workOnSlice } from '../worker.ts';
import { startBulkRetry } from './start.ts';
import { bulkRetryWork } from './work.ts';

let bench: WorkflowBench;
let failsWith: ErrorTag | null;
const workflow = workflowOf((context) =>
  context.activity('call', () => {
    if (failsWith !== null) throw new ApiError(failsWith, 'no');
    return Promise.resolve(null);
  }),
);

beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.renew();
  await bench.database.db.deleteFrom('sync_steps').execute();
  await bench.database.db.deleteFrom('sync_runs').execute();
  await bench.database.db.deleteFrom('audit_log').execute();
});

async function failRuns(count: number, tag: ErrorTag): Promise<string[]> {
  failsWith = tag;
  const ids: string[] = [];
  for (let run = 0; run < count; run += 1) {
    ids.push(await bench.start(workflow));
    await bench.workAll(workflow);
  }
  return ids.sort();
}

const request = {
  organizationId: 'org',
  by: 'ada@example.org',
  correlationId: 'c',
  alongside: () => Promise.resolve(),
};
const retryAll = (tag: ErrorTag, more: { preview?: boolean; perMinute?: number; name?: string } = {}) =>
  startBulkRetry(bench.services, [workflow], { tag, preview: false, perMinute: 60, ...more }, request);

/** Works on what is due of the bulk retry only; the clock goes on to it. */
async function workBulk(runId: string, once = false): Promise<void> {
  for (;;) {
    const run = await bench.run(runId);
    if (run.next_slice_at === null) return;
    bench.services.advance(Math.max(0, run.next_slice_at.getTime() - bench.services.now().getTime()));
    await workOnSlice([bulkRetryWork([workflow])], { runId, slice: run.slice }, bench.services);
    if (once) return;
  }
}

const statuses = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => bench.run(id)))).map(({ status }) => status);

const retriedInAuditLog = async () =>
  (
    await bench.database.db
      .selectFrom('audit_log')
      .select('subject_id')
      .where('action', '=', 'workflow_run.retried')
      .orderBy('subject_id')
      .execute()
  ).map((row) => row.subject_id);

describe('bulk retry', () => {
  it('W10 a preview says what it would touch, and touches nothing', async () => {
    const ids = await failRuns(3, 'ServiceUnavailableError');
    await failRuns(1, 'TimeoutError');
    const preview = await retryAll('ServiceUnavailableError', { preview: true });
    expect(preview).toMatchObject({ count: 3, refusal: null, runId: null });
    expect(preview.runs.map((run) => run.runId)).toEqual(ids);
    expect(await statuses(ids)).toEqual(['failed', 'failed', 'failed']);
    expect(await retryAll('ServiceUnavailableError', { name: 'Another' })).toMatchObject({
      count: 0,
      runId: null,
    });
  });

  it('W10 W4 a permanent tag is refused, and says why', async () => {
    const ids = await failRuns(1, 'ValidationError');
    const answer = await retryAll('ValidationError');
    expect(answer).toMatchObject({ count: 0, runs: [], runId: null });
    expect(answer.refusal).toContain('permanent');
    expect(await statuses(ids)).toEqual(['failed']);
  });

  it('W10 retries as many a minute as was said, each in the audit log, and reports', async () => {
    const ids = await failRuns(5, 'TimeoutError');
    const startedMs = bench.services.now().getTime();
    const { runId } = await retryAll('TimeoutError', { perMinute: 12 });
    if (runId === null) throw new Error('nothing was begun');
    await workBulk(runId, true);
    expect(await statuses(ids)).toEqual(['running', 'running', 'failed', 'failed', 'failed']);
    await workBulk(runId);
    expect(await statuses(ids)).toEqual(Array.from(ids, () => 'running'));
    expect(bench.services.now().getTime() - startedMs).toBe(20_000);
    expect(await retriedInAuditLog()).toEqual(ids);
    expect(await bench.run(runId)).toMatchObject({
      status: 'complete',
      result_json: { retried: 5, refused: 0 },
      records_out: 5,
    });
  });

  it('W10 B32 a slice that comes again after a crash retries no run twice, also not one that failed again meanwhile', async () => {
    const ids = await failRuns(2, 'TimeoutError');
    const { runId } = await retryAll('TimeoutError');
    if (runId === null) throw new Error('nothing was begun');
    // The host dies after the effects of a slice, before it has stored where it stands.
    const work = bulkRetryWork([workflow]);
    const dying: typeof work = {
      ...work,
      runSlice: async (context) => {
        await work.runSlice(context);
        throw new Error('killed');
      },
    };
    await expect(workOnSlice([dying], { runId, slice: 0 }, bench.services)).rejects.toThrow('killed');
    await bench.workAll(workflow);
    expect(await statuses(ids)).toEqual(['failed', 'failed']);
    await bench.database.db
      .updateTable('sync_runs')
      .set({ lease_until: new Date(0) })
      .where('id', '=', runId)
      .execute();
    await workBulk(runId);
    expect(await retriedInAuditLog()).toEqual(ids);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', result_json: { retried: 2 } });
  });

  it('W10 one at a time', async () => {
    await failRuns(1, 'TimeoutError');
    await retryAll('TimeoutError');
    await expect(retryAll('TimeoutError')).rejects.toMatchObject({ code: 'already-running' });
  });
});
