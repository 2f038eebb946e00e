import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { loginTokens } from './login-tokens.ts';

const MINUTE = 60_000;

it('A6 B9 a token is exchanged ten minutes before its end, or when its giver asks for it, and used until two before', async () => {
  const issuer = { at: 1_000_000_000, given: 0, isDown: false, refreshAfterMinutes: Infinity };
  const tokens = loginTokens(
    async () => {
      if (issuer.isDown) throw new Error('the identity endpoint does not answer');
      issuer.given += 1;
      return {
        token: `t${String(issuer.given)}`,
        expiresOnTimestamp: issuer.at + 60 * MINUTE,
        refreshAfterTimestamp: issuer.at + issuer.refreshAfterMinutes * MINUTE,
      };
    },
    () => issuer.at,
  );
  const token = async () => {
    const { token: given } = await tokens();
    await setImmediate(); // what is asked for aside has come
    return given;
  };
  await token();
  issuer.at += 50 * MINUTE - 1;
  expect([await token(), issuer.given]).toEqual(['t1', 1]);
  issuer.at += 1;
  issuer.refreshAfterMinutes = 30;
  expect([await token(), issuer.given]).toEqual(['t1', 2]);
  issuer.at += 30 * MINUTE;
  expect([await token(), issuer.given]).toEqual(['t2', 3]);
  issuer.isDown = true;
  issuer.at += 58 * MINUTE - 1;
  expect(await token()).toBe('t3');
  issuer.at += 1;
  await expect(token()).rejects.toThrow('does not answer');
});
