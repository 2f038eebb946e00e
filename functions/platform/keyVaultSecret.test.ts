import { describe, expect, it } from 'vitest';
import { keepSecret, keyVaultSecret } from './keyVaultSecret.ts';

const MINUTE = 60_000;

/** A vault whose secret changes, on a clock of its own. */
function vault() {
  const state = { nowMs: 0, value: 'key1', isAway: false, reads: 0, failures: 0 };
  const secret = keepSecret({
    now: () => state.nowMs,
    tellFailure: () => (state.failures += 1),
    fetchSecret: async () => {
      state.reads += 1;
      if (state.isAway) throw new Error('the vault does not answer');
      return state.value;
    },
  });
  return { state, secret };
}

describe('a secret of a key vault', () => {
  it('D7 is read once for all who ask at a time, and again after five minutes', async () => {
    const { state, secret } = vault();
    expect(await Promise.all([secret.read(), secret.read(), secret.read()])).toEqual([
      'key1',
      'key1',
      'key1',
    ]);
    state.value = 'key2';
    state.nowMs = 5 * MINUTE - 1;
    expect(await secret.read()).toBe('key1');
    state.nowMs = 5 * MINUTE;
    expect(await secret.read()).toBe('key2');
    expect(state.reads).toBe(2);
  });

  it('D7 is read at once when what it said was refused', async () => {
    const { state, secret } = vault();
    await secret.read();
    state.value = 'key2';
    secret.forget();
    expect(await secret.read()).toBe('key2');
  });

  it('F6 serves on while the vault is away; one that was never read is an error', async () => {
    const { state, secret } = vault();
    state.isAway = true;
    await expect(secret.read()).rejects.toThrow('does not answer');
    state.isAway = false;
    await secret.read();
    state.isAway = true;
    state.nowMs = 60 * MINUTE;
    expect(await secret.read()).toBe('key1');
    secret.forget();
    expect(await secret.read()).toBe('key1');
  });

  it('F6 B23 a vault that is away is asked once in half a minute, and each time is told', async () => {
    const { state, secret } = vault();
    await secret.read();
    state.isAway = true;
    state.nowMs = 5 * MINUTE;
    for (let request = 0; request < 100; request += 1) await secret.read();
    expect(state).toMatchObject({ reads: 2, failures: 1 });
    state.nowMs += MINUTE / 2;
    state.isAway = false;
    state.value = 'key2';
    expect(await secret.read()).toBe('key2');
  });

  it('D3 an address that names no secret is refused', () => {
    expect(() =>
      keyVaultSecret('https://v.vault.azure.net/keys/k', undefined, { warn: () => undefined }),
    ).toThrow(/names no secret/);
  });
});
