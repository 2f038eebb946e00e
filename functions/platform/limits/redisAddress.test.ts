import { expect, it } from 'vitest';
import { redisAddress } from './redisAddress.ts';

it('A4 an address with a key is Redis’ own to read', () => {
  expect(redisAddress('rediss://:key@host:6380')).toEqual({ url: 'rediss://:key@host:6380' });
});

it('A4 D1 without a key each connection logs in with a token of the identity, under its object id', async () => {
  const claims = Buffer.from(JSON.stringify({ oid: 'object-of-the-app' })).toString('base64url');
  const asked: unknown[] = [];
  const address = redisAddress('rediss://host:10000?authentication=identity&clientId=app', (clientId) => ({
    getToken: async (scope) => {
      asked.push(clientId, scope);
      return { token: `head.${claims}.signature`, expiresOnTimestamp: 0 };
    },
  }));
  expect(address.url).toBe('rediss://host:10000');
  const provider = address.credentialsProvider;
  if (provider?.type !== 'async-credentials-provider') throw new Error('no credentials');
  expect(await provider.credentials()).toEqual({
    username: 'object-of-the-app',
    password: `head.${claims}.signature`,
  });
  expect(asked).toEqual(['app', 'https://redis.azure.com/.default']);
});

it('A4 another way to sign in is refused', () => {
  expect(() => redisAddress('rediss://host:10000?authentication=sas')).toThrow(/wanted: identity/);
});
