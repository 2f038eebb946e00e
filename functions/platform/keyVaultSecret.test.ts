import { describe, expect, it } from 'vitest';
import { keepSecret, keyVaultSecret } from './keyVaultSecret.ts';

const MINUTE = 60_000;

describe('a secret of a key vault', () => {
  it('D7 F6 a rotated key is known to every host in five minutes, and the one that is known lasts without the vault', async () => {
    const vault = { nowMs: 0, value: 'key1', isAway: false };
    const secret = keepSecret({
      now: () => vault.nowMs,
      tellFailure: () => undefined,
      fetchSecret: async () => {
        if (vault.isAway) throw new Error('the vault does not answer');
        return { text: vault.value, since: undefined };
      },
    });
    await secret.read();
    vault.value = 'key2';
    vault.nowMs = 5 * MINUTE - 1;
    expect((await secret.read()).text).toBe('key1');
    vault.nowMs = 5 * MINUTE;
    expect((await secret.read()).text).toBe('key2');
    vault.isAway = true;
    vault.nowMs = 24 * 60 * MINUTE;
    expect((await secret.read()).text).toBe('key2');
  });

  it('D3 an address that names no secret is refused', () => {
    expect(() =>
      keyVaultSecret('https://v.vault.azure.net/keys/k', undefined, { warn: () => undefined }),
    ).toThrow(/names no secret/);
  });
});
