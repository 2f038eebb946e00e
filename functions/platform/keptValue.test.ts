import { describe, expect, it } from 'vitest';
import { keepValue } from './keptValue.ts';

const MINUTE = 60_000;

/** Gives out v1, v2, … on a clock of its own; a value is asked for anew after 10 minutes, and good for `goodMinutes`. */
function kept({ goodMinutes = Infinity, renewsAside = false } = {}) {
  const state = { nowMs: 0, given: 0, asked: 0, isAway: false, failures: 0 };
  const value = keepValue({
    fetchValue: async () => {
      state.asked += 1;
      if (state.isAway) throw new Error('no answer');
      state.given += 1;
      return { name: `v${String(state.given)}`, at: state.nowMs };
    },
    now: () => state.nowMs,
    freshUntil: (_, readAt) => readAt + 10 * MINUTE,
    goodUntil: ({ at }) => at + goodMinutes * MINUTE,
    renewsAside,
    tellFailure: () => (state.failures += 1),
  });
  const read = async () => (await value.read()).name;
  return { state, forget: value.forget, peek: () => value.peek()?.name, read };
}

describe('a value that is kept', () => {
  it.each([false, true])(
    'A6 D7 is asked for once for all who read at a time (aside: %s)',
    async (renewsAside) => {
      const { state, read } = kept({ renewsAside });
      expect(await Promise.all([read(), read(), read()])).toEqual(['v1', 'v1', 'v1']);
      state.nowMs = 10 * MINUTE - 1;
      expect([await read(), state.asked]).toEqual(['v1', 1]);
      state.nowMs = 10 * MINUTE;
      await Promise.all([read(), read()]);
      expect([await read(), state.asked]).toEqual(['v2', 2]);
    },
  );

  it('D7 whoever reads waits for a new one; renewed aside, nobody does while the present one is good', async () => {
    const waiting = kept();
    const aside = kept({ renewsAside: true });
    for (const { state, read } of [waiting, aside]) {
      await read();
      state.nowMs = 10 * MINUTE;
    }
    expect([await waiting.read(), await aside.read(), await aside.read()]).toEqual(['v2', 'v1', 'v2']);
  });

  it('D7 is asked for at once when what it said was refused', async () => {
    const { forget, read } = kept();
    await read();
    forget();
    expect(await read()).toBe('v2');
  });

  it('D7 B23 who peeks never waits: hears what is known, while a new one is asked for', async () => {
    const { state, peek, read } = kept();
    state.isAway = true;
    expect(peek()).toBeUndefined();
    await expect(read()).rejects.toThrow('no answer');
    state.isAway = false;
    await read();
    state.nowMs = 10 * MINUTE;
    expect([peek(), await read(), peek()]).toEqual(['v1', 'v2', 'v2']);
  });

  it('F6 B9 B23 serves on while none can be had, whose giver is asked once in half a minute; each time is told', async () => {
    const { state, read } = kept();
    await read();
    state.isAway = true;
    state.nowMs = 60 * MINUTE;
    for (let reads = 0; reads < 100; reads += 1) expect(await read()).toBe('v1');
    expect(state).toMatchObject({ asked: 2, failures: 1 });
    state.nowMs += MINUTE / 2;
    state.isAway = false;
    expect(await read()).toBe('v2');
  });

  it('A6 B9 one that is no good any more is refused while none can be had, and one that never was', async () => {
    const { state, read } = kept({ goodMinutes: 12, renewsAside: true });
    state.isAway = true;
    await expect(read()).rejects.toThrow('no answer');
    state.isAway = false;
    await read();
    state.isAway = true;
    state.nowMs = 11 * MINUTE;
    expect(await read()).toBe('v1');
    state.nowMs = 12 * MINUTE;
    await expect(read()).rejects.toThrow('no answer');
    state.isAway = false;
    expect(await read()).toBe('v2');
  });
});
