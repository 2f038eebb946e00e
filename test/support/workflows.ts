import { z } from 'zod';
import { json } from '../../functions/platform/database/index.ts';
import { type RunRow, stepsOf } from '../../functions/platform/runs/index.ts';
import { retryRun } from '../../functions/workflows/controlRun.ts';
import { durableWork } from '../../functions/workflows/durable/durableWork.ts';
import type { Workflow, WorkflowContext } from '../../functions/workflows/durable/workflow.ts';
import { insertWorkflowRun } from '../../functions/workflows/runStore.ts';
import { startRun } from '../../functions/workflows/startRun.ts';
import { workOnSlice } from '../../functions/workflows/worker.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { type TestServices, testServices } from './services.ts';
import { waitUntilDue } from './sliceDelivery.ts';

/** A workflow for a test: anything is its payload, and its code is given. */
export function workflowOf(
  run: (context: WorkflowContext, payload: Record<string, unknown>) => Promise<unknown>,
  more: Partial<Workflow<Record<string, unknown>>> = {},
): Workflow {
  const workflow: Workflow<Record<string, unknown>> = {
    name: 'TestWorkflow',
    summary: 'Does what a test wants.',
    payload: z.record(z.string(), z.unknown()),
    exclusive: false,
    expectedMinutes: 60,
    needs: [],
    run,
    ...more,
  };
  return workflow;
}

export interface WorkflowBench {
  readonly database: TestDatabase;
  /** Made anew by `renew`. */
  services: TestServices;
  renew(settings?: Parameters<typeof testServices>[0]['settings']): void;
  start(workflow: Workflow, payload?: unknown): Promise<string>;
  /** Works on one message, as a host would. */
  work(workflow: Workflow, message?: { runId: string; slice: number }): Promise<string>;
  /** Works on messages until none is left, at most 50; moves the clock on to whatever is due. */
  workAll(workflow: Workflow): Promise<string[]>;
  /** What a person's retry does, and the work that follows. */
  retry(workflow: Workflow, runId: string): Promise<string[]>;
  run(runId: string): Promise<RunRow>;
  /** `name: status`, in the order in which they began. */
  steps(runId: string): Promise<string[]>;
  close(): Promise<void>;
}

/** A database with one organization, `org`, and hands that drive workflows by their messages. */
export async function openWorkflowBench(): Promise<WorkflowBench> {
  const database = await openTestDatabase();
  const created_at = new Date('2026-01-01T00:00:00.000Z');
  await database.db.insertInto('organizations').values({ id: 'org', name: 'Org', created_at }).execute();
  const bench: WorkflowBench = {
    database,
    services: testServices({ database }),
    renew: (settings = {}) => {
      bench.services = testServices({ database, settings });
    },
    start: async (workflow, payload = {}) => {
      const request = { organizationId: 'org', payload, triggeredBy: 'a test' };
      return (await startRun(bench.services, workflow, request)).runId;
    },
    work: async (workflow, message = bench.services.sent.shift()) => {
      if (message === undefined) throw new Error('there is no message to work on');
      return workOnSlice([durableWork(workflow)], message, bench.services);
    },
    workAll: async (workflow) => {
      const verdicts: string[] = [];
      while (bench.services.sent.length > 0) {
        if (verdicts.length >= 50) throw new Error('the run does not come to an end');
        const [message] = bench.services.sent;
        if (message !== undefined) await waitUntilDue(bench.services, message);
        verdicts.push(await bench.work(workflow));
      }
      return verdicts;
    },
    retry: async (workflow, runId) => {
      await retryRun(bench.services, [workflow], { organizationId: 'org', runId, by: 'a test' });
      return bench.workAll(workflow);
    },
    run: (runId) =>
      database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow(),
    steps: async (runId) => {
      const run = await database.db
        .selectFrom('sync_runs')
        .select(['id', 'sync_type'])
        .where('id', '=', runId)
        .executeTakeFirstOrThrow();
      return (await stepsOf(database.db, run)).map(({ step, status }) => `${step}: ${status}`);
    },
    close: () => database.close(),
  };
  return bench;
}

/** A workflow's run of long ago, in the one organization that there is; gives its organization. */
export async function insertPastRun(
  { db }: TestDatabase,
  run: { readonly id: string; readonly syncType: string; readonly status: 'complete' | 'failed' },
): Promise<string> {
  const { id, syncType, status } = run;
  const { id: organizationId } = await db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  const row = {
    id,
    organization_id: organizationId,
    sync_type: syncType,
    correlation_id: id,
    live_key: id,
    status,
    status_reason: null,
    trigger_kind: 'cron',
    triggered_by: null,
    payload_json: json({}),
    code_version: '0.1.0',
  } as const;
  await insertWorkflowRun(db, row, new Date('2026-04-13T02:00:00Z'));
  return organizationId;
}
