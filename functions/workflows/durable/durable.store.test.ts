import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../../test/support/workflows.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import type { Db } from '../../platform/database/index.ts';
import { json } from '../../platform/database/index.ts';
import { outcome } from './outcome.ts';
import type { Pages, Workflow } from './workflow.ts';

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

const pagesOf = (runId: string, pages: readonly (readonly string[])[], onFetch?: (page: number) => void) =>
  ({
    first: 0,
    fetch: (page) => {
      onFetch?.(page);
      return Promise.resolve({ rows: pages[page] ?? [], next: page + 1 < pages.length ? page + 1 : null });
    },
    apply: async (rows, tx) => {
      for (const row of rows) await note(tx, runId, row);
      return rows.length;
    },
  }) satisfies Pages<string, number>;

describe('a durable workflow', () => {
  it('W1 runs its activities once each, in order, and keeps its result', async () => {
    const workflow = workflowOf(async (context, { who }) => {
      const a = await effect(context, 'a');
      const b = await effect(context, 'b');
      return { greeting: `${a}${b} ${String(who)}` };
    });
    const runId = await bench.start(workflow, { who: 'you' });
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', result_json: { greeting: 'ab you' } });
    expect(await bench.steps(runId)).toEqual(['a: complete', 'b: complete']);
    expect(await noted(runId)).toEqual(['a', 'b']);
  });

  it('W1 B32 goes on after the last activity that finished, when a host dies and its message comes again', async () => {
    let dies = true;
    const did: string[] = [];
    const workflow = workflowOf(async (context) => {
      await effect(context, 'a');
      did.push('a');
      await context.activity('b', () => (dies ? new Promise(() => undefined) : Promise.resolve('b')));
      return effect(context, 'c');
    });
    bench.renew({ SLICE_LEASE_SECONDS: 1 });
    const runId = await bench.start(workflow);
    bench.work(workflow).catch(() => undefined); // the host that dies: it never comes back
    await expect.poll(() => did).toEqual(['a']);
    dies = false;
    const { services } = bench;
    bench.renew();
    await expect
      .poll(async () => bench.work(workflow, { runId, slice: 0 }), { interval: 200 })
      .toBe('finished');
    expect(services.sent).toEqual([]);
    expect(await noted(runId)).toEqual(['a', 'c']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  it('W1 hands over to the next slice when its time is spent, and to a phase by a message of its own', async () => {
    const workflow = workflowOf(async (context) => {
      await context.seed(['one', 'two']);
      for (const name of ['one', 'two']) {
        await context.activity(name, () => Promise.resolve(null), { phase: true });
      }
    });
    const runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('continued');
    expect(await bench.run(runId)).toMatchObject({ pointer: 'one', slice: 1 });
    expect(await bench.steps(runId)).toEqual(['init: complete', 'one: pending', 'two: pending']);
    expect(await bench.workAll(workflow)).toEqual(['continued', 'finished']);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', pointer: 'two' });
  });

  it('W1 walks pages: rows, counts and cursor of each are stored together, and a crash goes on with the page after', async () => {
    const fetched: number[] = [];
    let breaks = true;
    const workflow = workflowOf((context) =>
      context.pages(
        'walk',
        pagesOf(context.run.runId, [['a', 'b'], ['c'], ['d']], (page) => {
          fetched.push(page);
          if (page === 2 && breaks) throw new ApiError('ServiceUnavailableError', 'away');
        }),
      ),
    );
    const runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('retry_later');
    expect(await bench.steps(runId)).toEqual(['walk: error']);
    expect(await bench.run(runId)).toMatchObject({ status: 'running', records_in: 3, records_out: 3 });
    breaks = false;
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(fetched).toEqual([0, 1, 2, 2]);
    expect(await noted(runId)).toEqual(['a', 'b', 'c', 'd']);
    expect(await bench.run(runId)).toMatchObject({
      status: 'complete',
      records_in: 4,
      result_json: { pages: 3, recordsIn: 4, recordsOut: 4 },
    });
  });

  it('W1 sleeps without holding anything, and is not woken early by a message that comes twice', async () => {
    const workflow = workflowOf(async (context) => {
      await effect(context, 'before');
      await context.sleep('a night', 8 * 3_600_000);
      await effect(context, 'after');
    });
    const runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('continued');
    expect(await bench.run(runId)).toMatchObject({
      status: 'running',
      lease_token: null,
      pointer: 'a night',
    });
    bench.services.advance(3_600_000);
    expect(await bench.work(workflow, { runId, slice: 1 })).toBe('stale');
    expect(await noted(runId)).toEqual(['before']);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await noted(runId)).toEqual(['after', 'before']);
  });

  it('W1 does side by side what is begun side by side, once each', async () => {
    const workflow = workflowOf((context) =>
      Promise.all(['a', 'b', 'c', 'd'].map((name) => effect(context, name))),
    );
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await noted(runId)).toEqual(['a', 'b', 'c', 'd']);
    expect(await bench.run(runId)).toMatchObject({ result_json: ['a', 'b', 'c', 'd'] });
  });

  it('W1 O3 what side by side only gives results is stored once each, in turn, with its counts', async () => {
    const workflow = workflowOf(async ({ activity }) => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      const counted = (name: string) => activity(name, async () => outcome({ result: name, recordsIn: 2 }));
      await activity('first', async () => null);
      return Promise.all(names.map(counted));
    });
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await bench.run(runId)).toMatchObject({ result_json: ['a', 'b', 'c', 'd', 'e'], records_in: 10 });
    const rows = await bench.database.db
      .selectFrom('sync_steps')
      .select(['seq', 'attempts', 'status'])
      .where('run_id', '=', runId)
      .orderBy('seq')
      .execute();
    const expected = [1, 2, 3, 4, 5, 6].map((seq) => ({ seq, attempts: 1, status: 'complete' }));
    expect(rows).toEqual(expected);
  });

  it('W1 B32 of many hosts with the same message one works, and effects happen once', async () => {
    const workflow = workflowOf((context) => effect(context, 'a'));
    const runId = await bench.start(workflow);
    const message = { runId, slice: 0 };
    const verdicts = await Promise.all(Array.from({ length: 6 }, () => bench.work(workflow, message)));
    expect(verdicts.filter((verdict) => verdict === 'finished')).toHaveLength(1);
    expect(await noted(runId)).toEqual(['a']);
  });

  it('W1 tells the other side the same key on every attempt', async () => {
    const keys: string[] = [];
    const workflow = workflowOf((context) =>
      context.activity('pay', ({ idempotencyKey }) => {
        keys.push(idempotencyKey);
        if (keys.length === 1) throw new ApiError('TimeoutError', 'no answer');
        return Promise.resolve(null);
      }),
    );
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    expect(keys).toEqual([`${runId}/pay`, `${runId}/pay`]);
  });

  it('W1 B23 an activity that does not end is stopped, and counts as timed out', async () => {
    let signal: AbortSignal | undefined;
    const workflow = workflowOf((context) =>
      context.activity(
        'hangs',
        (activity) => {
          signal = activity.signal;
          return new Promise(() => undefined);
        },
        { limitMs: 20 },
      ),
    );
    const runId = await bench.start(workflow);
    expect((await bench.workAll(workflow)).at(-1)).toBe('finished');
    expect(signal?.aborted).toBe(true);
    expect(await bench.run(runId)).toMatchObject({ status: 'failed', error_tag: 'TimeoutError' });
  });
});

describe('failures', () => {
  it('W4 a permanent one fails the run at once, with what the API said', async () => {
    let tries = 0;
    const body = { errors: [{ source: { pointer: '/data/attributes/email' }, detail: 'is taken' }] };
    const workflow = workflowOf((context) =>
      context.activity('create', () => {
        tries += 1;
        throw new ApiError('ValidationError', 'the API refused the person', { api: { status: 422, body } });
      }),
    );
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(tries).toBe(1);
    expect(await bench.steps(runId)).toEqual(['create: failed']);
    expect(await bench.run(runId)).toMatchObject({
      status: 'failed',
      error_tag: 'ValidationError',
      result_json: {
        message: 'the API refused the person',
        tag: 'ValidationError',
        activity: 'create',
        cause: { status: 422, body },
      },
    });
  });

  it('W4 B22 a transient one is repeated later, never sooner than the other side asked, and fails the run in the end', async () => {
    let tries = 0;
    const workflow = workflowOf((context) =>
      context.activity('fetch', () => {
        tries += 1;
        throw new ApiError('RateLimitError', 'slow down', { retryAfterMs: 3_600_000 });
      }),
    );
    const runId = await bench.start(workflow);
    expect(await bench.work(workflow)).toBe('retry_later');
    const { next_slice_at: due } = await bench.run(runId);
    expect(due?.getTime()).toBe(bench.services.now().getTime() + 3_600_000);
    expect((await bench.workAll(workflow)).at(-1)).toBe('finished');
    expect(tries).toBe(5);
    const [step] = await bench.database.db
      .selectFrom('sync_steps')
      .select(['attempts', 'error'])
      .where('run_id', '=', runId)
      .execute();
    expect(step).toEqual({ attempts: 5, error: 'RateLimitError: slow down' });
  });

  it('W1 what gets on begins to count its attempts anew: a long walk survives many short outages', async () => {
    let calls = 0;
    const workflow = workflowOf((context) =>
      context.pages('walk', {
        ...pagesOf(context.run.runId, [['a'], ['b'], ['c']]),
        fetch: (page: number) => {
          calls += 1;
          if (calls % 4 !== 0) throw new ApiError('ServiceUnavailableError', 'away again');
          return Promise.resolve({ rows: [`r${String(page)}`], next: page < 2 ? page + 1 : null });
        },
      }),
    );
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  it('W2 an activity that may fail is stored as failed, is not tried again, and leaves the run partial', async () => {
    let tries = 0;
    const workflow = workflowOf(async (context) => {
      const extra = await context.activity(
        'extra',
        () => {
          tries += 1;
          throw new ApiError('NotFoundError', 'there is none');
        },
        { mayFail: true },
      );
      await context.activity('rest', () => Promise.resolve(null), { phase: true });
      return { extra: extra ?? 'none' };
    });
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['continued', 'finished']);
    expect(tries).toBe(1);
    expect(await bench.steps(runId)).toEqual(['extra: failed', 'rest: complete']);
    expect(await bench.run(runId)).toMatchObject({ status: 'partial', result_json: { extra: 'none' } });
  });

  it('W1 whatever the code catches, nothing begins after a slice is over', async () => {
    const workflow = workflowOf(async (context) => {
      try {
        await context.activity('broken', () => {
          throw new ApiError('ConflictError', 'no');
        });
      } catch {
        // Code that catches everything.
      }
      return effect(context, 'must not be');
    });
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await noted(runId)).toEqual([]);
    expect(await bench.run(runId)).toMatchObject({ status: 'failed' });
  });

  it('W12 the code between activities fails the run with a step that says so, and tells whom it must in the same transaction', async () => {
    const workflow = workflowOf(
      () => {
        throw new TypeError('undefined is not a function');
      },
      { onEnd: (run, tx) => note(tx, run.id, run.status_reason ?? '') },
    );
    const runId = await bench.start(workflow);
    expect(await bench.workAll(workflow)).toEqual(['finished']);
    expect(await bench.steps(runId)).toEqual(['fatal: failed']);
    expect(await noted(runId)).toEqual([expect.stringContaining('undefined is not a function')]);
  });
});

describe('code that changed under a run in flight', () => {
  const began = async (): Promise<string> => {
    const before = workflowOf(async (context) => {
      await effect(context, 'a');
      await effect(context, 'b');
      await context.activity('c', () => Promise.resolve(null), { phase: true });
    });
    const runId = await bench.start(before);
    expect(await bench.work(before)).toBe('continued');
    return runId;
  };
  const changes: [string, readonly string[]][] = [
    ['another order', ['b', 'a', 'c']],
    ['one that is new in the middle', ['a', 'x', 'b', 'c']],
    ['one that is gone', ['a', 'c']],
    ['nothing that is known', ['x']],
  ];
  it.each(changes)('W1 B49 is detected and reported: %s', async (_, names) => {
    const runId = await began();
    const after = workflowOf(async (context) => {
      for (const name of names) await effect(context, name);
    });
    expect(await bench.workAll(after)).toEqual(['finished']);
    const run = await bench.run(runId);
    expect(run).toMatchObject({ status: 'failed' });
    expect(run.status_reason).toContain('code_changed');
  });

  it('W1 B49 activities that are added at the end are done', async () => {
    const runId = await began();
    const after = workflowOf(async (context) => {
      for (const name of ['a', 'b', 'c', 'd']) await effect(context, name);
    });
    expect(await bench.workAll(after)).toEqual(['finished']);
    expect(await noted(runId)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('W1 B49 two activities of one name are refused', async () => {
    const workflow = workflowOf(async (context) => {
      await effect(context, 'a');
      await effect(context, 'a');
    });
    const runId = await bench.start(workflow);
    await bench.workAll(workflow);
    expect((await bench.run(runId)).status_reason).toContain('two activities are named a');
  });
});
