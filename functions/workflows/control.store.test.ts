import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../test/support/workflows.ts';
import { ApiError } from '../platform/outbound/apiError.ts';
import type { Db } from '../platform/database/index.ts';
import { json } from '../platform/database/index.ts';
import type { SliceMessage } from '../platform/queues/sliceQueue.ts';
import { type StepWrite, writeContext, writeStep } from '../platform/runs/index.ts';
import { pauseRun, resumeRun, retryRun, terminateRun } from './controlRun.ts';
import { DISPATCH_GRACE_MS, dispatchOverdueSlices } from './dispatch.ts';
import { outcome } from './durable/outcome.ts';
import type { Workflow } from './durable/workflow.ts';
import { readWorkflowRun } from './runView.ts';
import { trigger } from './trigger.ts';

let bench: WorkflowBench;
beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.renew());

/** One row an effect: what was done twice, or never, shows. */
async function note(tx: Db, runId: string, what: string): Promise<void> {
  await tx
    .insertInto('register_cursors')
    .values({
      organization_id: 'org',
      register: 'effects',
      name: `${runId}/${what}`,
      value_json: json(what),
      run_id: runId,
      updated_at: new Date(),
    })
    .execute();
}

async function noted(runId: string): Promise<string[]> {
  const rows = await bench.database.db
    .selectFrom('register_cursors')
    .select('value_json')
    .where('run_id', '=', runId)
    .orderBy('name')
    .execute();
  return rows.map((row) => String(row.value_json));
}

/** An activity whose one effect is a row. */
const effect = (context: Parameters<Workflow['run']>[0], name: string) =>
  context.activity(name, () =>
    Promise.resolve(outcome({ result: name, apply: (tx) => note(tx, context.run.runId, name) })),
  );

describe('what people do to runs', () => {
  const by = (runId: string) => ({ organizationId: 'org', runId, by: 'operator@example.org' });
  const twoSteps = (during?: () => Promise<void>) =>
    workflowOf(async (context) => {
      await context.activity('a', async () => {
        await during?.();
        return outcome({ result: 'a', apply: (tx) => note(tx, context.run.runId, 'a') });
      });
      await effect(context, 'b');
    });

  it('W2 pause stores what is under way and begins nothing new; resume goes on', async () => {
    let runId = '';
    const workflow = twoSteps(async () => {
      await pauseRun(bench.services, by(runId));
    });
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('continued');
    expect(await noted(runId)).toEqual(['a']);
    expect(await bench.run(runId)).toMatchObject({ status: 'paused' });
    expect(bench.services.sent).toEqual([]);
    bench.services.advance(DISPATCH_GRACE_MS * 10);
    await dispatchOverdueSlices(bench.services);
    expect(bench.services.sent.filter((sent) => sent.runId === runId)).toEqual([]);
    await resumeRun(bench.services, by(runId));
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await noted(runId)).toEqual(['a', 'b']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  /** Three activities without effects, of which the third goes on while `during` happens. */
  const threeResults = (during: () => Promise<unknown>) =>
    workflowOf(async ({ activity }) => {
      await activity('a', async () => 1);
      await activity('b', async () => 2);
      await activity('c', async () => {
        await during();
        return 3;
      });
      await activity('d', async () => 4);
    });

  it('W2 O3 a result is stored though somebody paused the run, or wrote to it, since the one before', async () => {
    let runId = '';
    const workflow = threeResults(async () => {
      const note: StepWrite = { step: 'a note', kind: 'baseline', status: 'complete' };
      await writeStep(bench.database.db, runId, note, writeContext(bench.services));
      await pauseRun(bench.services, by(runId));
    });
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('continued');
    expect(await bench.run(runId)).toMatchObject({ status: 'paused' });
    const done = ['a: complete', 'b: complete', 'a note: complete', 'c: complete'];
    expect(await bench.steps(runId)).toEqual(done);
    await resumeRun(bench.services, by(runId));
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await bench.steps(runId)).toEqual([...done, 'd: complete']);
  });

  it('W2 a result that comes after the run was terminated is not stored', async () => {
    let runId = '';
    const workflow = threeResults(() => terminateRun(bench.services, [], by(runId)));
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('lease_lost');
    expect(await bench.steps(runId)).toEqual(['a: complete', 'b: complete']);
    expect(await bench.run(runId)).toMatchObject({ status: 'terminated' });
  });

  it('W1 B1 a result of a host whose lease was taken over is not stored', async () => {
    let runId = '';
    const verdicts: string[] = [];
    const workflow: Workflow = threeResults(async () => {
      if (verdicts.length > 0) return;
      verdicts.push('begun');
      const lapsed = { lease_until: new Date(0) };
      await bench.database.db.updateTable('sync_runs').set(lapsed).where('id', '=', runId).execute();
      verdicts.push(await bench.work(workflow, { runId, slice: 0 }));
    });
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('lease_lost');
    expect(verdicts).toEqual(['begun', 'finished']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  it('W2 a run that is paused in its last activity is over', async () => {
    let runId = '';
    const workflow = workflowOf((context) =>
      context.activity('only', async () => {
        await pauseRun(bench.services, by(runId));
      }),
    );
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('finished');
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  it('W2 terminate refuses results in flight, for good', async () => {
    let runId = '';
    const workflow = twoSteps(async () => {
      await terminateRun(bench.services, [], by(runId));
    });
    runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('lease_lost');
    expect(await noted(runId)).toEqual([]);
    expect(await bench.run(runId)).toMatchObject({ status: 'terminated' });
    await expect(retryRun(bench.services, [workflow], by(runId))).rejects.toThrow('it cannot be retried');
  });

  it('W2 B33 B13 retry goes on from the last good activity, and keeps no old error', async () => {
    let broken = true;
    const workflow = workflowOf(async (context) => {
      await effect(context, 'a');
      await context.activity('b', () => {
        if (broken) throw new ApiError('AuthenticationError', 'the token is old');
        return Promise.resolve(outcome({ result: null, apply: (tx) => note(tx, context.run.runId, 'b') }));
      });
    });
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'failed' });
    broken = false;
    await retryRun(bench.services, [workflow], by(runId));
    expect(await bench.run(runId)).toMatchObject({ status: 'running', error_tag: null, ended_at: null });
    expect(await bench.work(workflow, { runId, slice: 0 })).toBe('stale'); // a message of the old try
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await noted(runId)).toEqual(['a', 'b']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', status_reason: null });
    const { rows } = {
      rows: await bench.database.db
        .selectFrom('sync_steps')
        .select('error')
        .where('run_id', '=', runId)
        .execute(),
    };
    expect(rows.map(({ error }) => error)).toEqual([null, null]);
  });

  it('W2 a retry waits for no newer run of an exclusive workflow: it is refused', async () => {
    const workflow = workflowOf(
      (context) =>
        context.activity('a', () => {
          throw new ApiError('ConflictError', 'no');
        }),
      { exclusive: true, name: 'OnlyOne' },
    );
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    await bench.start(workflow);
    await expect(bench.start(workflow)).rejects.toMatchObject({ code: 'already-running' });
    await expect(retryRun(bench.services, [workflow], by(runId))).rejects.toMatchObject({
      code: 'already-running',
    });
  });
});

describe('the chain', () => {
  it('O5 O4 a send that fails is a chain_failed step and a failed run; the dispatch sweeper mends it', async () => {
    const workflow = workflowOf(async (context) => {
      await effect(context, 'a');
      await context.activity('b', () => Promise.resolve(null), { phase: true });
    });
    const runId = await bench.start(workflow);
    const { send, ping } = bench.services.slices;
    const away = () => Promise.reject(new Error('ECONNREFUSED'));
    Object.assign(bench.services.slices, { send: away, ping: away });
    expect(await bench.work(workflow)).toBe('continued');
    expect(await bench.run(runId)).toMatchObject({ status: 'failed', ended_at: null, pointer: 'b' });
    const { advice } = await readWorkflowRun(bench.services, 'org', runId);
    expect(advice).toContain('when the queue answers');
    const [, failed] = await bench.database.db
      .selectFrom('sync_steps')
      .select(['step', 'error'])
      .where('run_id', '=', runId)
      .orderBy('seq')
      .execute();
    expect(failed).toEqual({
      step: 'chain_failed',
      error: 'chain_break: queue send failed advancing to phase=b',
    });
    bench.services.advance(DISPATCH_GRACE_MS + 1000);
    await dispatchOverdueSlices(bench.services);
    expect(await bench.run(runId)).toMatchObject({ status: 'failed' });
    Object.assign(bench.services.slices, { send, ping });
    await dispatchOverdueSlices(bench.services);
    expect(await bench.run(runId)).toMatchObject({ status: 'running' });
    bench.services.sent.splice(0, bench.services.sent.length, { runId, slice: 1 });
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  /** The next message arrives, another host works on it as `work` says, and only then its send is given up. */
  function loseAnswer(work: (message: SliceMessage) => Promise<unknown>): void {
    const { send } = bench.services.slices;
    const once = async (message: SliceMessage) => {
      Object.assign(bench.services.slices, { send });
      await work(message);
      throw new Error('ETIMEDOUT');
    };
    Object.assign(bench.services.slices, { send: once });
  }

  it('O5 B32 a send that is given up on though its message arrived does not fail the run that it led to its end', async () => {
    const workflow = workflowOf((context) => effect(context, 'a'));
    loseAnswer((message) => bench.work(workflow, message));
    const runId = await bench.start(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
    expect(await bench.steps(runId)).toEqual(['a: complete']);
  });

  it('O5 B32 nor does it take the slice from the host that works on it', async () => {
    const worked = Promise.withResolvers<Promise<string>>();
    const begun = Promise.withResolvers<null>();
    const goesOn = Promise.withResolvers<null>();
    const workflow = workflowOf((context) =>
      context.activity('a', () => {
        begun.resolve(null);
        return goesOn.promise;
      }),
    );
    loseAnswer(async (message) => {
      worked.resolve(bench.work(workflow, message).finally(() => begun.resolve(null)));
      await begun.promise;
    });
    const runId = await bench.start(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'running' });
    goesOn.resolve(null);
    expect(await worked.promise).toBe('finished');
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  it('O5 B32 nor does it break a chain that is a slice further on', async () => {
    const workflow = workflowOf(async (context) => {
      await effect(context, 'a');
      await context.activity('b', () => Promise.resolve(null), { phase: true });
    });
    loseAnswer((message) => bench.work(workflow, message));
    const runId = await bench.start(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'running', slice: 1 });
    expect(await bench.workAll(workflow)).toEqual(['finished']);
  });
});

describe('what is read', () => {
  const reading = (rows: readonly string[], idle?: string) =>
    workflowOf(
      (context) =>
        context.pages('walk', {
          first: 0,
          fetch: () => Promise.resolve({ rows, next: null, ...(idle === undefined ? {} : { idle }) }),
          apply: () => Promise.resolve(0),
        }),
      { volume: 'full', name: `Reading${String(rows.length)}${idle === undefined ? '' : 'Idle'}` },
    );

  it('W11 B44 a run that read nothing is partial with a reason, unless the source said that there was nothing', async () => {
    const silent = reading([]);
    const doubted = await bench.start(silent);
    await bench.workAll(silent);
    expect(await bench.run(doubted)).toMatchObject({
      status: 'partial',
      status_reason: 'it read no records, and the source did not say that there were none',
    });
    const idle = reading([], 'total: 0');
    const believed = await bench.start(idle);
    await bench.workAll(idle);
    expect(await bench.run(believed)).toMatchObject({ status: 'complete' });
  });

  it('W11 W2 a run that ended in doubt has nothing to retry; a trigger starts another, which reads', async () => {
    const rows: string[] = [];
    const anew: Workflow = { ...reading(rows), name: 'ReadingAnew', exclusive: true };
    const doubted = await bench.start(anew);
    await bench.workAll(anew);
    const control = { organizationId: 'org', runId: doubted, by: 'ada' };
    await expect(retryRun(bench.services, [anew], control)).rejects.toThrow('start it anew');
    expect(await bench.run(doubted)).toMatchObject({ status: 'partial' });
    const page = await readWorkflowRun(bench.services, 'org', doubted);
    expect(page.allowed).toEqual([]);
    expect(page.advice).toContain('start it anew');
    rows.push('a', 'b');
    bench.services.advance(60_000);
    const request = { ...control, correlationId: 'c', alongside: () => Promise.resolve() };
    const { runId, outcome: how } = await trigger(bench.services, [anew], anew, request);
    expect(how).toBe('started');
    await bench.workAll(anew);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', records_in: 2 });
  });

  it('W2 a run that ended in part is retried where an activity failed', async () => {
    let broken = true;
    const workflow = workflowOf(async (context) => {
      const call = async () => {
        if (broken) throw new ApiError('ConflictError', 'no');
        return null;
      };
      await context.activity('call', call, { mayFail: true });
      await effect(context, 'after');
    });
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'partial' });
    expect((await readWorkflowRun(bench.services, 'org', runId)).allowed).toEqual(['retry']);
    broken = false;
    await bench.retry(workflow, runId);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
    expect(await noted(runId)).toEqual(['after']);
  });

  it('W11 O6 a fall that somebody accepted is what is usual from then on', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => String(index));
    const workflow: Workflow = { ...reading(rows), name: 'ReadingLess' };
    const statusOf = async (payload: object) => {
      bench.services.advance(60_000);
      const runId = await bench.start(workflow, payload);
      await bench.workAll(workflow);
      return (await bench.run(runId)).status;
    };
    for (let run = 0; run < 3; run += 1) expect(await statusOf({})).toBe('complete');
    rows.splice(10);
    expect(await statusOf({})).toBe('partial');
    expect(await statusOf({ acceptFall: true })).toBe('complete');
    for (let run = 0; run < 3; run += 1) expect(await statusOf({})).toBe('complete');
    rows.splice(1);
    expect(await statusOf({})).toBe('partial');
  });
});
