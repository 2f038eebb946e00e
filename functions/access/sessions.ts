import { randomBytes } from 'node:crypto';
import type { Me } from '../../shared/contract/access.ts';
import type { Db } from '../platform/database/index.ts';
import { SESSION_COOKIE } from '../platform/http/authentication/names.ts';
import { hashToken } from '../platform/http/authentication/secretHash.ts';
import type { SessionCookie } from '../platform/http/handler.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { recordAudit } from './auditLog.ts';
import { verifyPassword } from './password.ts';
import { signInLimitOf } from './signInLimit.ts';
import { emailKeyOf, findMe, findUserByEmail, lockUser, type UserRow } from './userStore.ts';

/**
 * Signs in with a local account: a new session, its cookie, and who that is. Throws `sign-in-failed`, in the same
 * words and the same time whether the account exists or not, and `too-many-requests`.
 */
export async function signIn(
  services: Services,
  attempt: {
    readonly email: string;
    readonly password: string;
    readonly address: string;
    readonly correlationId: string;
  },
): Promise<{ me: Me; cookie: SessionCookie }> {
  const { database, log } = services;
  const emailKey = emailKeyOf(attempt.email);
  const limit = signInLimitOf(services);
  await limit.count(emailKey, attempt.address);
  const user = await findUserByEmail(database.db, emailKey);
  const isRight = await limit.inTurn(() => verifyPassword(attempt.password, user?.password_hash ?? null));
  const { address, correlationId } = attempt;
  const failed = (): Problem => {
    log.warn('sign-in failed', { userId: user?.id, address, correlationId });
    return new Problem('sign-in-failed', 'No account has this address and password.');
  };
  if (user === undefined || !isRight || user.disabled_at !== null) throw failed();
  await limit.forgive(emailKey, address);
  const cookie = await database.transaction(async (tx) => {
    if (!(await isUnchanged(tx, user))) throw failed();
    return openSession(tx, services, { ...attempt, user });
  });
  return { me: await findMe(database.db, user.id), cookie };
}

/** Holds the account: it may have been disabled, or its password changed and its sessions ended, while this one was checked. */
async function isUnchanged(tx: Db, user: UserRow): Promise<boolean> {
  const { password_hash, disabled_at } = await lockUser(tx, user.id);
  return password_hash === user.password_hash && disabled_at === null;
}

async function openSession(
  tx: Db,
  services: Services,
  opening: {
    readonly user: {
      readonly id: string;
      readonly organization_id: string;
      readonly email: string;
      readonly role: Me['role'];
    };
    readonly correlationId: string;
  },
): Promise<SessionCookie> {
  const { settings, newId } = services;
  const { user, correlationId } = opening;
  const now = services.now();
  const token = randomBytes(32).toString('base64url');
  const expires = new Date(now.getTime() + settings.SESSION_HOURS * 3_600_000);
  await tx.deleteFrom('sessions').where('expires_at', '<', now).execute();
  await tx
    .insertInto('sessions')
    .values({
      token_hash: hashToken(settings.AUTH_SECRET, token),
      user_id: user.id,
      created_at: now,
      expires_at: expires,
      last_seen_at: now,
    })
    .execute();
  await recordAudit(tx, {
    id: newId(),
    at: now,
    organizationId: user.organization_id,
    actor: {
      kind: 'person',
      userId: user.id,
      organizationId: user.organization_id,
      email: user.email,
      role: user.role,
      by: 'session',
    },
    action: 'session.opened',
    subjectType: 'user',
    subjectId: user.id,
    correlationId,
  });
  return { name: SESSION_COOKIE, value: token, expires };
}

/** Not 0, which hosts take for absent. */
const LONG_AGO = new Date(86_400_000);

/** Ends the session of this token; the answered cookie takes it out of the browser. Repeating it does no harm. */
export async function signOut(services: Services, token: string | undefined): Promise<SessionCookie> {
  if (token !== undefined) {
    const tokenHash = hashToken(services.settings.AUTH_SECRET, token);
    await services.database.db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
  }
  return { name: SESSION_COOKIE, value: '', expires: LONG_AGO };
}

/** Every session of somebody. Their account is held, or changed, by the same transaction. */
export async function endSessions(tx: Db, userId: string): Promise<void> {
  await tx.deleteFrom('sessions').where('user_id', '=', userId).execute();
}
