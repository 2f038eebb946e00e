import type { DatabaseAddress } from '../database-url.ts';
import { identityCredential } from '../../identityCredential.ts';
import { loginTokens, type LoginTokens } from './login-tokens.ts';

/** As the driver spells them. `default` also finds who signed in at a command line, for deploy steps. */
const types = /^azure-active-directory-(default|msi-vm|msi-app-service)$/;

/** Of Azure SQL in the public cloud, which is what its server names to a client. */
const SCOPE = 'https://database.windows.net/.default';

/**
 * The tokens by which the address says that connections log in; undefined where it has a user with a password. They are kept for
 * all connections: the driver alone would ask for a token at each. Throws for a way to sign in that is not known.
 */
export function tokensOf(address: DatabaseAddress): LoginTokens | undefined {
  const type = address.options.get('authentication');
  if (type === null) return undefined;
  if (!types.test(type))
    throw new TypeError(
      `Cannot sign in by authentication=${type}: wanted azure-active-directory-default, -msi-app-service or -msi-vm`,
    );
  const clientId = address.options.get('clientId') ?? undefined;
  const credential = identityCredential(clientId);
  return loginTokens(async () => {
    const token = await credential.getToken(SCOPE);
    if (token === null) throw new Error('Cannot log in to the database: no token was given out');
    return token;
  }, Date.now);
}
