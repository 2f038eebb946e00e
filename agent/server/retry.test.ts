import { describe, expect, it } from 'vitest';
import { type Client, ProblemError, UnreachableError } from '../../shared/client/index.ts';
import { beginRun, heartbeat } from '../../shared/contract/agents.ts';
import { problems } from '../../shared/contract/problems.ts';
import { heartbeatPauses, retryingClient, serverRetries } from './retry.ts';

const problem = (code: keyof typeof problems, retryAfterMs?: number) =>
  new ProblemError({ ...problems[code], type: '', detail: '', code }, retryAfterMs, 'x');

/** A server that fails as told, then answers. */
function failing(...errors: Error[]) {
  const state = { calls: 0, passedMs: 0 };
  const client = {
    call: () => {
      state.calls += 1;
      const error = errors[state.calls - 1];
      return error === undefined ? Promise.resolve('done') : Promise.reject(error);
    },
  } as unknown as Client;
  const retrying = retryingClient(client, {
    retries: serverRetries({ retryBaseMs: 1 }),
    random: () => 0.5,
    monotonicMs: () => (state.passedMs += 1),
    signal: new AbortController().signal,
  });
  const input = { body: {} } as never;
  return { state, begin: () => retrying.call(beginRun, input), beat: () => retrying.call(heartbeat, input) };
}

describe('retryingClient', () => {
  it('F6 waits out a restart of the server, and not an outage', async () => {
    const restart = failing(new UnreachableError('refused'), problem('unavailable'), problem('internal'));
    expect(await restart.begin()).toBe('done');
    const outage = failing(...Array.from({ length: 9 }, () => new UnreachableError('refused')));
    await expect(outage.begin()).rejects.toBeInstanceOf(UnreachableError);
    expect(outage.state.calls).toBe(4);
  });

  it('F6 B22 honours Retry-After, and goes on alone when that is longer than instruments wait', async () => {
    const soon = failing(problem('too-many-requests', 30));
    const begunAt = performance.now();
    expect(await soon.begin()).toBe('done');
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(29);
    const late = failing(problem('unavailable', 60_000));
    await expect(late.begin()).rejects.toMatchObject({ problem: { code: 'unavailable' } });
    expect(late.state.calls).toBe(1);
  });

  it('F6 repeats no refusal, and no call that has a loop of its own', async () => {
    const refused = failing(problem('runner-superseded'));
    await expect(refused.begin()).rejects.toBeInstanceOf(ProblemError);
    const beat = failing(new UnreachableError('refused'));
    await expect(beat.beat()).rejects.toBeInstanceOf(UnreachableError);
    expect([refused.state.calls, beat.state.calls]).toEqual([1, 1]);
  });
});

it('B22 heartbeats that failed together come back apart, and not before the server wants them', () => {
  const usual = (random: number) =>
    heartbeatPauses(60, { retryAfterMs: undefined, random: () => random }).usualMs;
  expect([usual(0), usual(1)]).toEqual([30_000, 60_000]);
  const early = heartbeatPauses(60, { retryAfterMs: 30_000, random: () => 0.4 }).earlyMs;
  expect(early).toBeCloseTo(33_000);
  expect(heartbeatPauses(60)).toEqual({ usualMs: 60_000, earlyMs: 250 });
});
