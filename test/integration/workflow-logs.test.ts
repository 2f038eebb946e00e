import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRunLines } from '../../functions/logs/runLines/read.ts';
import { dropOldTables } from '../../functions/logs/retention.ts';
import { runLinesWritten } from '../../functions/logs/runLines/record.ts';
import { ApiError } from '../../functions/platform/outbound/apiError.ts';
import { retryRun } from '../../functions/workflows/controlRun.ts';
import { readRunLogs } from '../../functions/workflows/runLogs.ts';
import type { Workflow } from '../../functions/workflows/durable/workflow.ts';
import { testServices } from '../support/services.ts';
import { openTestTables, type TestTables } from '../support/tables.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../support/workflows.ts';

let bench: WorkflowBench;
let storage: TestTables;
const startAt = new Date('2026-11-22T23:59:50.000Z'); // a Sunday: the next day's lines are in another table

beforeAll(async () => {
  bench = await openWorkflowBench();
  storage = await openTestTables();
});
afterAll(async () => {
  await bench.close();
  await storage.close();
});

function renew(settings: Parameters<typeof testServices>[0]['settings'] = {}): void {
  bench.services = testServices({ database: bench.database, tables: storage.tables, settings, startAt });
}

async function linesOf(runId: string, query: { level?: string; limit?: number; cursor?: string } = {}) {
  await runLinesWritten(bench.services);
  return await readRunLogs(bench.services, 'org', { runId, ...query });
}

it('W5 one filter gives the whole life of a run: each page, each failure with its tag and the answer, who retried it, its end', async () => {
  renew();
  let refuses = true;
  const workflow: Workflow = workflowOf(
    async (context) => {
      await context.pages('getAll', {
        first: 1,
        fetch: (page) => Promise.resolve({ rows: [1, 2], next: page === 2 ? null : page + 1 }),
        apply: (rows) => Promise.resolve(rows.length),
      });
      await context.activity('write', ({ log }) => {
        log.info('about to write', { password: 'hunter2', url: 'https://api/x?sig=abc' });
        if (!refuses) return Promise.resolve(null);
        throw new ApiError('ValidationError', 'no such field', {
          api: { status: 422, body: { errors: [{ source: { pointer: '/data/attributes/name' } }] } },
        });
      });
    },
    { name: 'SyncPeople' },
  );
  const runId = await bench.start(workflow);
  await bench.workAll(workflow);
  refuses = false;
  bench.services.advance(60_000);
  await retryRun(bench.services, [workflow], { organizationId: 'org', runId, by: 'ada@example.org' });
  await bench.workAll(workflow);

  const { lines, nextCursor } = await linesOf(runId);
  expect(nextCursor).toBeNull();
  expect(lines.map(({ message, activityName, errorTag }) => [message, activityName, errorTag])).toEqual([
    ['run started', null, null],
    ['page done', 'getAll', null],
    ['page done', 'getAll', null],
    ['about to write', 'write', null],
    ['activity failed', 'write', 'ValidationError'],
    ['run failed', null, 'ValidationError'],
    ['run retried by ada@example.org', null, null],
    ['about to write', 'write', null],
    ['activity done', 'write', null],
    ['run ended', null, null],
  ]);
  expect(lines[4]?.facts).toMatchObject({ 'error.cause': { status: 422, body: { errors: [{}] } } });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(JSON.stringify(lines)).not.toContain('sig=abc');
  // The table itself has the names that people filter by.
  const { rows } = await storage.tables.rows({
    table: 'workflowlogs20261116',
    partitionKey: runId,
    equal: { workflowName: ['SyncPeople'], workflowId: [runId], errorTag: ['ValidationError'] },
    limit: 10,
  });
  expect(rows.map(({ correlationId }) => correlationId)).toEqual([runId, runId]);

  const errors = await linesOf(runId, { level: 'Warning,Error' });
  expect(errors.lines.map(({ message }) => message)).toEqual(['activity failed', 'run failed']);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await linesOf(runId, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    paged.push(...page.lines.map(({ message }) => message));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(lines.map(({ message }) => message));
});

it('W5 B36 a slice that says too much keeps its first lines and its errors, and says how many are missing', async () => {
  renew();
  const workflow = workflowOf((context) =>
    context.activity('talk', ({ log }) => {
      for (let word = 0; word < 1500; word += 1) log.info('word', { word });
      log.error('what matters');
      return Promise.resolve(null);
    }),
  );
  const runId = await bench.start(workflow);
  await bench.workAll(workflow);
  const { lines } = await linesOf(runId, { limit: 500, level: 'Warning,Error' });
  expect(lines.map(({ message }) => message)).toEqual([
    'what matters',
    // The last line of the activity itself was one too many as well.
    '501 lines of slice 0 were left out here: there were more than are kept',
  ]);
});

it('W5 no run fails, or waits, for a log that cannot be kept', async () => {
  bench.services = testServices({ database: bench.database });
  const workflow = workflowOf((context) => context.activity('a', () => Promise.resolve(1)));
  const runId = await bench.start(workflow);
  expect(await bench.workAll(workflow)).toEqual(['finished']);
  await runLinesWritten(bench.services);
  expect(bench.services.lines.filter(({ message }) => message === 'lines of runs are not kept')).toHaveLength(
    1,
  );
  await expect(readRunLogs(bench.services, 'org', { runId })).rejects.toMatchObject({ name: 'TablesError' });
});

it('A5 nobody reads the log of another organization', async () => {
  renew();
  const runId = await bench.start(workflowOf(() => Promise.resolve(null)));
  await expect(readRunLogs(bench.services, 'other', { runId })).rejects.toMatchObject({ code: 'not-found' });
});

it('S3 logs of runs end with the retention of logs, a week at a time', async () => {
  renew({ LOG_RETENTION_DAYS: 90 });
  const runId = await bench.start(workflowOf(() => Promise.resolve(null)));
  await runLinesWritten(bench.services);
  const read = () =>
    readRunLines(bench.services, {
      runId,
      startedAt: startAt,
      lastActivityAt: startAt,
      cursor: undefined,
      limit: undefined,
      level: undefined,
    });
  bench.services.advance(89 * 24 * 3_600_000);
  await dropOldTables(bench.services);
  expect((await read()).lines).not.toEqual([]);
  bench.services.advance(2 * 24 * 3_600_000);
  await dropOldTables(bench.services);
  expect((await read()).lines).toEqual([]);
});
