import { describe, expect, it } from 'vitest';
import { createProbe } from './probe.ts';

function probe(ask: () => Promise<void>, more: { limitMs?: number; keepMs?: number } = {}) {
  const failures: unknown[] = [];
  let nowMs = 0;
  const verdict = createProbe({
    ask,
    limitMs: more.limitMs ?? 1000,
    keepMs: more.keepMs ?? 0,
    nowMs: () => nowMs,
    onFailure: (error) => failures.push(error),
  });
  return { verdict, failures, advance: (ms: number) => (nowMs += ms) };
}

describe('createProbe', () => {
  it('A1 says whether a part answers, and logs why not', async () => {
    expect(await probe(async () => undefined).verdict()).toBe('ok');
    const broken = probe(async () => Promise.reject(new Error('gone')));
    expect(await broken.verdict()).toBe('failed');
    expect(broken.failures).toEqual([new Error('gone')]);
  });

  it('B23 does not wait for a part that never answers, nor ask it twice meanwhile', async () => {
    let asked = 0;
    const silent = probe(() => new Promise(() => (asked += 1)), { limitMs: 20 });
    expect(await silent.verdict()).toBe('failed');
    expect(await silent.verdict()).toBe('failed');
    expect(asked).toBe(1);
  });

  it('A1 puts one question for any number of callers, and keeps the answer as long as it may', async () => {
    let asked = 0;
    const part = probe(
      async () => {
        asked += 1;
      },
      { keepMs: 500 },
    );
    await Promise.all(Array.from({ length: 50 }, () => part.verdict()));
    await part.verdict();
    expect(asked).toBe(1);
    part.advance(501);
    await part.verdict();
    expect(asked).toBe(2);
  });
});
