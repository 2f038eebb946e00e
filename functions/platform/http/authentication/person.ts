import type { Role } from '../../../../shared/contract/fields.ts';
import { unlessFull } from '../../database/index.ts';
import type { Services } from '../../services.ts';
import { lowerRole } from '../authorize.ts';
import type { Identity } from '../identity.ts';
import { hashToken } from './secretHash.ts';

/** How exact "last used" is: a token or session that is used every second is written once a minute. */
const LAST_USED_EVERY_MS = 60_000;

type PersonServices = Pick<Services, 'database' | 'settings' | 'now'>;

/** The person behind a personal token, with the lower of the token's role and their own; undefined when it is not good (any more). */
export async function findTokenHolder(
  services: PersonServices,
  token: string,
): Promise<Identity | undefined> {
  const now = services.now();
  const { db } = services.database;
  const row = await db
    .selectFrom('api_tokens')
    .innerJoin('users', 'users.id', 'api_tokens.user_id')
    .select([
      'api_tokens.id as tokenId',
      'api_tokens.role as tokenRole',
      'api_tokens.expires_at as expiresAt',
      'api_tokens.last_used_at as lastUsedAt',
      'users.id as userId',
      'users.organization_id as organizationId',
      'users.email as email',
      'users.role as role',
    ])
    .where('api_tokens.token_hash', '=', hashToken(services.settings.AUTH_SECRET, token))
    .where('api_tokens.revoked_at', 'is', null)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  if (isLongAgo(row.lastUsedAt, now))
    await unlessFull(
      () => db.updateTable('api_tokens').set({ last_used_at: now }).where('id', '=', row.tokenId).execute(),
      notKept,
    );
  return person(row, lowerRole(row.tokenRole, row.role), 'token');
}

/** The person of a session; undefined when it has ended. */
export async function findSessionHolder(
  services: PersonServices,
  token: string,
): Promise<Identity | undefined> {
  const now = services.now();
  const { db } = services.database;
  const tokenHash = hashToken(services.settings.AUTH_SECRET, token);
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.last_seen_at as lastSeenAt',
      'sessions.expires_at as expiresAt',
      'users.id as userId',
      'users.organization_id as organizationId',
      'users.email as email',
      'users.role as role',
    ])
    .where('sessions.token_hash', '=', tokenHash)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined || row.expiresAt <= now) return undefined;
  if (isLongAgo(row.lastSeenAt, now))
    await unlessFull(
      () =>
        db.updateTable('sessions').set({ last_seen_at: now }).where('token_hash', '=', tokenHash).execute(),
      notKept,
    );
  return person(row, row.role, 'session');
}

/** Whoever comes to see why the database is full is let in. */
function notKept(): undefined {
  return undefined;
}

function isLongAgo(at: Date | null, now: Date): boolean {
  return at === null || now.getTime() - at.getTime() >= LAST_USED_EVERY_MS;
}

function person(
  row: { readonly userId: string; readonly organizationId: string; readonly email: string },
  role: Role,
  by: 'session' | 'token',
): Identity {
  return {
    kind: 'person',
    userId: row.userId,
    organizationId: row.organizationId,
    email: row.email,
    role,
    by,
  };
}
