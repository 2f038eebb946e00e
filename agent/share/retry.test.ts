import { describe, expect, it } from 'vitest';
import { type RetryDependencies, shareRetries, withRetry } from './retry.ts';
import { ShareFault, type ShareFaultKind, shareFaultOf } from './shareFault.ts';
import { createShareHealth } from './shareHealth.ts';

function dependencies(changes: Partial<RetryDependencies> = {}): RetryDependencies {
  return {
    retries: shareRetries({ tries: 4, retryBaseMs: 1 }),
    health: createShareHealth(),
    random: () => 0.5,
    credential: () => 'sas',
    renewCredential: () => Promise.resolve(),
    ...changes,
  };
}

/** Work that fails as told, then succeeds; counts its attempts. */
function failing(...kinds: ShareFaultKind[]) {
  const state = { attempts: 0 };
  const work = () => {
    const kind = kinds[state.attempts];
    state.attempts += 1;
    return kind === undefined ? Promise.resolve('done') : Promise.reject(new ShareFault(kind, kind, kind));
  };
  return { state, work };
}

const signal = new AbortController().signal;

describe('withRetry', () => {
  it('F7 repeats throttling and silence, within its bound', async () => {
    const good = failing('throttled', 'unreachable', 'throttled');
    expect(await withRetry(dependencies(), signal, good.work)).toBe('done');
    const bad = failing(...Array<ShareFaultKind>(9).fill('unreachable'));
    await expect(withRetry(dependencies(), signal, bad.work)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(bad.state.attempts).toBe(4);
  });

  it('F7 repeats nothing that repeating cannot change', async () => {
    for (const kind of ['permanent', 'not_found', 'full', 'clock'] as const) {
      const { state, work } = failing(kind, kind);
      await expect(withRetry(dependencies(), signal, work)).rejects.toMatchObject({ kind });
      expect(state.attempts).toBe(1);
    }
  });

  it('B20 asks for a new credential, naming the one that was refused, a bounded number of times', async () => {
    const asked: (string | undefined)[] = [];
    const renewing = dependencies({ renewCredential: async (refused) => void asked.push(refused) });
    expect(await withRetry(renewing, signal, failing('auth').work)).toBe('done');
    expect(asked).toEqual(['sas']);
    const never = failing(...Array<ShareFaultKind>(99).fill('auth'));
    await expect(withRetry(renewing, signal, never.work)).rejects.toMatchObject({ kind: 'auth' });
    expect([never.state.attempts, asked.length]).toEqual([9, 9]);
  });

  it('B22 counts each kind of fault by itself, so that one does not use up the patience of another', async () => {
    const kinds: ShareFaultKind[] = ['unreachable', 'throttled', 'auth', 'unreachable', 'throttled', 'auth'];
    expect(await withRetry(dependencies(), signal, failing(...kinds, 'unreachable').work)).toBe('done');
  });

  it('F2 keeps what the heartbeat says of the share', async () => {
    const tools = dependencies();
    await expect(withRetry(tools, signal, failing('full').work)).rejects.toThrow();
    expect(tools.health.status).toBe('full');
    await expect(withRetry(tools, signal, failing('not_found').work)).rejects.toThrow();
    expect(tools.health.status).toBe('full');
    await withRetry(tools, signal, failing().work);
    expect(tools.health.status).toBe('ok');
  });

  it('F7 stops waiting when the agent stops', async () => {
    const stop = new AbortController();
    const slow = dependencies({ retries: shareRetries({ tries: 4, retryBaseMs: 60_000 }) });
    const waiting = withRetry(slow, stop.signal, failing('throttled').work);
    stop.abort(new Error('stopping'));
    await expect(waiting).rejects.toThrow();
  });
});

describe('shareFaultOf', () => {
  function restError(statusCode: number, code: string, headers: Record<string, string> = {}) {
    const all: Record<string, string | undefined> = { 'x-ms-error-code': code, ...headers };
    return Object.assign(new Error('failed: https://a/b?sv=1&sig=secret'), {
      statusCode,
      response: { headers: { get: (name: string) => all[name] } },
    });
  }

  it.each([
    [403, 'AuthenticationFailed', 'auth'],
    [403, 'ShareSizeLimitReached', 'full'],
    [503, 'ServerBusy', 'throttled'],
    [429, '', 'throttled'],
    [500, 'OperationTimedOut', 'throttled'],
    [500, 'InternalError', 'unreachable'],
    [400, 'Md5Mismatch', 'unreachable'],
    [400, 'InvalidResourceName', 'permanent'],
    [409, 'ReadOnlyAttribute', 'permanent'],
    [404, 'ResourceNotFound', 'not_found'],
  ])('F7 reads %i %s as %s', (status, code, kind) => {
    expect(shareFaultOf(restError(status, code), 'doing').kind).toBe(kind);
  });

  it('B22 reads Retry-After, and keeps no secret in message or cause', () => {
    const fault = shareFaultOf(restError(503, 'ServerBusy', { 'retry-after': '7' }), 'doing');
    expect(fault.retryAfterMs).toBe(7000);
    expect(`${fault.message} ${String(fault.cause)}`).not.toContain('secret');
    expect(shareFaultOf(new Error('connect ECONNREFUSED'), 'doing').kind).toBe('unreachable');
  });

  it('B22 reads a Retry-After that is a date by the clock of who sent it', () => {
    const headers = { date: 'Sun, 01 Jan 2023 00:00:00 GMT', 'retry-after': 'Sun, 01 Jan 2023 00:01:30 GMT' };
    expect(shareFaultOf(restError(503, 'ServerBusy', headers), 'doing').retryAfterMs).toBe(90_000);
  });

  it('B15 tells a date that is not believed from a bad credential, and says how far the clock is off', () => {
    const date = new Date(Date.now() + 86_400_000).toUTCString();
    const refused = restError(403, 'AuthenticationFailed', { date });
    expect(shareFaultOf(refused, 'doing')).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('1440 min behind'),
    });
    const details = { authenticationErrorDetail: "Request date header too old: 'Mon, 01 Jan 2024'" };
    expect(shareFaultOf(Object.assign(refused, { details }), 'doing').kind).toBe('clock');
    expect(shareFaultOf(restError(403, 'AuthenticationFailed'), 'doing').message).not.toContain('clock');
  });
});
