import type { TokenCredential } from '@azure/identity';
import type { RedisClientOptions } from 'redis';
import { identityCredential } from '../identityCredential.ts';

const SCOPE = 'https://redis.azure.com/.default';

type Address = Required<Pick<RedisClientOptions, 'url'>> & Pick<RedisClientOptions, 'credentialsProvider'>;

/**
 * Reads `rediss://:key@host:port`, and `rediss://host:port?authentication=identity&clientId=…` for Azure Managed Redis without keys: each
 * connection logs in with a token. Azure cuts it when the token ends, some hours later; the next one has a new token.
 */
export function redisAddress(
  text: string,
  credentialOf: (clientId: string | undefined) => TokenCredential = identityCredential,
): Address {
  const url = new URL(text);
  const authentication = url.searchParams.get('authentication');
  if (authentication === null) return { url: text };
  if (authentication !== 'identity')
    throw new TypeError(`Cannot sign in to Redis by authentication=${authentication}; wanted: identity`);
  const credential = credentialOf(url.searchParams.get('clientId') ?? undefined);
  url.search = '';
  return {
    url: url.href,
    credentialsProvider: {
      type: 'async-credentials-provider',
      credentials: async () => {
        const { token } = (await credential.getToken(SCOPE)) ?? {};
        if (token === undefined) throw new Error('Cannot sign in to Redis: no token was given out');
        return { username: objectIdOf(token), password: token };
      },
    },
  };
}

/** Redis wants the identity's object id for a name, which stands in the token alone. */
function objectIdOf(token: string): string {
  const [, claims = ''] = token.split('.');
  const { oid } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { readonly oid?: unknown };
  if (typeof oid !== 'string') throw new Error('Cannot sign in to Redis: the token names no object id');
  return oid;
}
