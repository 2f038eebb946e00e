import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../functions/platform/database/index.ts';
import { durableWork } from '../../functions/workflows/durable/durableWork.ts';
import type { Workflow } from '../../functions/workflows/durable/workflow.ts';
import { workOnSlice } from '../../functions/workflows/worker.ts';
import { openCutProxy } from '../support/cut-proxy.ts';
import { testServices } from '../support/services.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../support/workflows.ts';

let bench: WorkflowBench;
beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.renew());

const inOrder = workflowOf(async ({ activity }, { steps }) => {
  for (let step = 0; step < Number(steps); step += 1)
    await activity(`step ${String(step)}`, async () => step);
});
const sideBySide = workflowOf(async ({ activity }, { steps }) => {
  const names = Array.from({ length: Number(steps) }, (_, step) => `step ${String(step)}`);
  await Promise.all(names.map((name) => activity(name, async () => null)));
});

/** How often a run of so many steps waits for the database. */
async function exchanges(workflow: Workflow, steps: number): Promise<number> {
  await bench.start(workflow, { steps });
  const query = vi.spyOn(pg.Client.prototype, 'query');
  expect(await bench.workAll(workflow)).toEqual(['finished']);
  const count = query.mock.calls.length;
  query.mockRestore();
  return count;
}

/** Until somebody waits for a lock. */
async function blocked(client: pg.Client): Promise<void> {
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await expect.poll(async () => (await client.query(waiting)).rowCount, { interval: 10 }).toBe(1);
}

describe('a result that is stored without asking first', () => {
  it('W1 costs one exchange with the database, one after the other and side by side', async () => {
    expect((await exchanges(inOrder, 30)) - (await exchanges(inOrder, 10))).toBe(20);
    expect((await exchanges(sideBySide, 30)) - (await exchanges(sideBySide, 10))).toBe(20);
  });

  it('W1 B32 that is stored while the connection is cut is known when the run goes on, and its work not repeated', async () => {
    const proxy = await openCutProxy(bench.database.url);
    const behind = await openDatabase({ url: proxy.url });
    const rival = new pg.Client({ connectionString: bench.database.url });
    await rival.connect();
    onTestFinished(async () => {
      await rival.end();
      await behind.close();
      await proxy.close();
    });
    const did: string[] = [];
    let runId = '';
    const workflow = workflowOf(async ({ activity }) => {
      for (const name of ['a', 'b', 'c', 'd'])
        await activity(name, async () => {
          did.push(name);
          if (name !== 'c') return;
          await rival.query('begin');
          await rival.query('select from sync_runs where id = $1 for update', [runId]);
        });
    });
    runId = await bench.start(workflow);
    const services = testServices({ database: behind });
    const cutOff = workOnSlice([durableWork(workflow)], { runId, slice: 0 }, services);
    await blocked(rival);
    proxy.cut();
    // The server does not see it before it answers: what the host takes for lost is stored.
    await rival.query('commit');
    expect(await cutOff).toBe('retry_later');
    expect(await bench.steps(runId)).toEqual(['a: complete', 'b: complete', 'c: complete']);
    bench.services.advance(3_600_000);
    expect(await bench.work(workflow, { runId, slice: 0 })).toBe('finished');
    expect(did).toEqual(['a', 'b', 'c', 'd']);
  });
});
