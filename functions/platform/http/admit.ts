import type { Endpoint } from '../../../shared/contract/endpoint.ts';
import type { Services } from '../services.ts';
import { type AskedFor, authenticate } from './authentication/authenticate.ts';
import type { Credentials } from './authentication/credentials.ts';
import { networkOf } from './clientAddress.ts';
import type { Identity } from './identity.ts';
import { Problem } from './problem.ts';

/**
 * Finds out who calls, within the budget of whoever that is. Callers without credentials, or with wrong ones, are counted by their
 * network; an agent by itself, so that those of one site do not take from each other; people, pipelines and programs that
 * showed who they are, not at all. Throws 401 problems, and `too-many-requests` with the time to wait.
 */
export async function admit(
  endpoint: AskedFor & Pick<Endpoint, 'budget'>,
  credentials: Credentials,
  address: string,
  services: Services,
): Promise<Identity> {
  const network = networkOf(address);
  if (endpoint.budget === 'agents') await take(services, 'agents', `at ${network}`);
  else if (credentials.kind === 'none' || endpoint.callers.includes('public'))
    await take(services, 'anonymous', network);
  const caller = await authenticated(endpoint, credentials, network, services);
  if (caller.kind === 'agent') await take(services, 'agents', caller.runnerId);
  return caller;
}

/** Wrong credentials count as none: whoever guesses is slowed down, and cannot slow down those who know. */
async function authenticated(
  endpoint: AskedFor,
  credentials: Credentials,
  network: string,
  services: Services,
): Promise<Identity> {
  try {
    return await authenticate(endpoint, credentials, services);
  } catch (error) {
    if (credentials.kind !== 'none' && error instanceof Problem && error.status === 401)
      await take(services, 'anonymous', network);
    throw error;
  }
}

async function take(
  { limits, settings }: Services,
  budget: 'anonymous' | 'agents',
  key: string,
): Promise<void> {
  const points =
    budget === 'agents' ? settings.AGENT_REQUESTS_PER_MINUTE : settings.ANONYMOUS_REQUESTS_PER_MINUTE;
  const refused = await limits.of(budget, { points, seconds: 60 }).take(key);
  if (refused === undefined) return;
  throw new Problem('too-many-requests', `More than ${String(points)} requests within a minute; wait.`, {
    retryAfterSeconds: refused.waitMs / 1000,
  });
}
