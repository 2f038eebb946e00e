import type { DatabaseAddress } from '../database-url.ts';
import { type AccessToken, createTokenCache, type TokenCache } from './token-cache.ts';

/** As the driver spells them. `default` also finds who signed in at a command line, for deploy steps. */
const types = /^azure-active-directory-(default|msi-vm|msi-app-service)$/;

/** Of Azure SQL in the public cloud, which is what its server names to a client. */
const SCOPE = 'https://database.windows.net/.default';

/**
 * The tokens by which the address says that connections log in; undefined where it has a user with a password. One cache for
 * all connections: the driver alone would ask for a token at each. Throws for a way to sign in that is not known.
 */
export function tokensOf(address: DatabaseAddress): TokenCache | undefined {
  const type = address.options.get('authentication');
  if (type === null) return undefined;
  if (!types.test(type))
    throw new TypeError(
      `Cannot sign in by authentication=${type}: wanted azure-active-directory-default, -msi-app-service or -msi-vm`,
    );
  const clientId = address.options.get('clientId') ?? undefined;
  const anyWay = type === 'azure-active-directory-default';
  let credential: Credential | undefined;
  return createTokenCache(async () => {
    credential ??= await makeCredential(anyWay, clientId);
    const token = await credential.getToken(SCOPE);
    if (token === null) throw new Error('Cannot log in to the database: no token was given out');
    return token;
  }, Date.now);
}

interface Credential {
  getToken(scope: string): Promise<AccessToken | null>;
}

/** The library is loaded by the first connection that needs it: whoever has a password never pays for it. */
async function makeCredential(anyWay: boolean, clientId: string | undefined): Promise<Credential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (anyWay)
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
