import type { Endpoint } from '../../../../shared/contract/endpoint.ts';
import type { Services } from '../../services.ts';
import type { Settings } from '../../settings.ts';
import type { Identity } from '../identity.ts';
import { Problem } from '../problem.ts';
import { authenticateAgent } from './agentKey.ts';
import type { Credentials } from './credentials.ts';
import { findSessionHolder, findTokenHolder } from './person.ts';
import { isSameSecret } from './secretHash.ts';

/** As much of an endpoint as the question who calls needs; the method and path of a request may be anybody's. */
export type AskedFor = Pick<Endpoint, 'callers'> & { readonly method: string; readonly path: string };

const PUBLIC: Identity = { kind: 'public' };

/**
 * Finds out who calls. A public endpoint asks nobody, so that a stale cookie closes no door. Throws 401 problems for
 * wrong or missing credentials; whether the caller may call this endpoint is another question (`authorize`).
 */
export async function authenticate(
  endpoint: AskedFor,
  credentials: Credentials,
  services: Services,
): Promise<Identity> {
  if (endpoint.callers.includes('public')) return PUBLIC;
  const identity = await identify(endpoint, credentials, services);
  if (identity !== undefined) return identity;
  throw new Problem('not-signed-in', refusalText(endpoint, credentials));
}

async function identify(
  endpoint: AskedFor,
  credentials: Credentials,
  services: Services,
): Promise<Identity | undefined> {
  switch (credentials.kind) {
    case 'personal-token':
      return findTokenHolder(services, credentials.secret);
    case 'session':
      return findSessionHolder(services, credentials.secret);
    case 'ci-secret':
      return isCiSecret(credentials.secret, services.settings) ? { kind: 'ci' } : undefined;
    case 'workflow-key':
      return isWorkflowKey(credentials.secret, services.settings) ? { kind: 'workflow' } : undefined;
    case 'bearer':
      if (isCiSecret(credentials.secret, services.settings)) return { kind: 'ci' };
      if (endpoint.callers.includes('agent')) return authenticateAgent(services, credentials.secret);
      return undefined;
    case 'none':
    case 'unreadable':
      return undefined;
  }
}

/** Two secrets are good while one replaces the other. */
function isCiSecret(given: string, settings: Settings): boolean {
  const previous = settings.DATASYNC_CI_UPLOAD_SECRET_PREVIOUS;
  const isCurrent = isSameSecret(given, settings.DATASYNC_CI_UPLOAD_SECRET);
  return (previous !== undefined && isSameSecret(given, previous)) || isCurrent;
}

function isWorkflowKey(given: string, settings: Settings): boolean {
  return settings.WORKFLOW_API_KEY !== undefined && isSameSecret(given, settings.WORKFLOW_API_KEY);
}

function refusalText(endpoint: AskedFor, { kind }: Credentials): string {
  if (kind === 'none') return `${endpoint.method} ${endpoint.path} was called without credentials.`;
  if (kind === 'session') return 'The session has ended: sign in again.';
  return `${endpoint.method} ${endpoint.path} was called with credentials that are not, or no longer, good here.`;
}
