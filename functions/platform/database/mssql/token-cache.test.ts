import { describe, expect, it } from 'vitest';
import { createTokenCache } from './token-cache.ts';

const MINUTE = 60_000;

/** Gives out t1, t2, …, each good for an hour; fails while it is down. */
function issuer() {
  const state = { at: 1_000_000_000, given: 0, isDown: false };
  const cache = createTokenCache(
    async () => {
      if (state.isDown) throw new Error('the identity endpoint does not answer');
      state.given++;
      return { token: `t${String(state.given)}`, expiresOnTimestamp: state.at + 60 * MINUTE };
    },
    () => state.at,
  );
  return { state, token: async () => (await cache()).token };
}

describe('A6 tokens that connections log in by', () => {
  it('A6 one is asked for, however many connections are made at once', async () => {
    const { token, state } = issuer();
    expect(await Promise.all([token(), token(), token()])).toEqual(['t1', 't1', 't1']);
    state.at += 40 * MINUTE;
    expect([await token(), state.given]).toEqual(['t1', 1]);
  });

  it('A6 is exchanged before its end, and meanwhile the old one does', async () => {
    const { token, state } = issuer();
    await token();
    state.at += 51 * MINUTE;
    expect(await token()).toBe('t1');
    expect(await token()).toBe('t2');
  });

  it('A6 B9 an identity endpoint that is down harms nobody until the token’s end, and is not pestered', async () => {
    const { token, state } = issuer();
    await token();
    state.isDown = true;
    state.at += 51 * MINUTE;
    expect(await token()).toBe('t1');
    state.at += 8 * MINUTE;
    await expect(token()).rejects.toThrow('does not answer');
    state.isDown = false;
    expect(await token()).toBe('t2');
  });
});
