import { PERSONAL_TOKEN_PREFIX, SESSION_COOKIE } from './names.ts';

/** What a request shows to say who calls; the first of these headers counts: Authorization, X-CI-Secret, x-api-key, Cookie. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'personal-token'; readonly secret: string }
  /** An agent's key, or the CI secret sent as a bearer token. */
  | { readonly kind: 'bearer'; readonly secret: string }
  | { readonly kind: 'ci-secret'; readonly secret: string }
  | { readonly kind: 'workflow-key'; readonly secret: string }
  | { readonly kind: 'session'; readonly secret: string }
  /** An Authorization header of another scheme. */
  | { readonly kind: 'unreadable' };

/** Longer than any secret we give out; what is longer is not worth hashing. */
const MAX_SECRET_LENGTH = 512;

export function readCredentials(headers: Headers): Credentials {
  const authorization = headers.get('authorization');
  if (authorization !== null) return bounded(readAuthorization(authorization));
  const ciSecret = headers.get('x-ci-secret');
  if (ciSecret !== null) return bounded({ kind: 'ci-secret', secret: ciSecret });
  const workflowKey = headers.get('x-api-key');
  if (workflowKey !== null) return bounded({ kind: 'workflow-key', secret: workflowKey });
  const cookie = headers.get('cookie');
  const session = cookie === null ? undefined : readCookie(cookie, SESSION_COOKIE);
  return session === undefined ? { kind: 'none' } : bounded({ kind: 'session', secret: session });
}

function readAuthorization(header: string): Credentials {
  const secret = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1];
  if (secret === undefined) return { kind: 'unreadable' };
  return { kind: secret.startsWith(PERSONAL_TOKEN_PREFIX) ? 'personal-token' : 'bearer', secret };
}

function bounded(credentials: Credentials): Credentials {
  const isTooLong = 'secret' in credentials && credentials.secret.length > MAX_SECRET_LENGTH;
  return isTooLong ? { kind: 'unreadable' } : credentials;
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
