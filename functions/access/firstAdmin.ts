import { type Database, type Db, insertIfAbsent } from '../platform/database/index.ts';
import { hashToken } from '../platform/http/authentication/secretHash.ts';
import { createIdSource } from '../platform/ids.ts';
import { recordAudit } from './auditLog.ts';
import { createPersonalToken } from './ownerToken.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { endSessions } from './sessions.ts';
import { revokeTokens } from './tokens.ts';
import { emailKeyOf, findUserByEmail, type UserRow } from './userStore.ts';

export interface FirstAdmin {
  readonly email: string;
  /** At least 12 characters, as for everybody. */
  readonly password: string;
  /** `default` unless said otherwise. */
  readonly organization?: { readonly id: string; readonly name: string };
  readonly displayName?: string;
  /** A personal token (`dst_…`) that is to be good too. */
  readonly token?: string;
  /** AUTH_SECRET: the token is kept under it. Wanted with `token`. */
  readonly authSecret?: string;
  readonly now: Date;
}

const DEFAULT_ORGANIZATION = { id: 'default', name: 'DataSync' };

/**
 * Sees to it that the organization is there and that this address, password and token are its admin's: makes what is
 * missing and puts right what differs, which ends their sessions and other tokens. Idempotent. For whoever holds the database; no endpoint does this.
 */
export async function ensureFirstAdmin(
  database: Database,
  wanted: FirstAdmin,
): Promise<{ readonly userId: string; readonly organizationId: string; readonly created: boolean }> {
  const { id: organizationId, name } = wanted.organization ?? DEFAULT_ORGANIZATION;
  const newId = createIdSource(() => wanted.now.getTime());
  await insertIfAbsent(database.db, 'organizations', {
    columns: { id: 'id', name: 'text', created_at: 'instant' } as const,
    key: ['id'],
    rows: [{ id: organizationId, name, created_at: wanted.now }],
  });
  const present = await findUserByEmail(database.db, emailKeyOf(wanted.email));
  if (present !== undefined && present.organization_id !== organizationId)
    throw new Error(
      `Cannot make ${wanted.email} the admin of ${organizationId}: the address belongs to ${present.organization_id}`,
    );
  const userId = present?.id ?? newId();
  if (!(await isRight(present, wanted.password))) {
    const passwordHash = await hashPassword(wanted.password);
    await database.transaction((tx) =>
      writeAdmin(tx, { ...wanted, userId, organizationId, passwordHash, newId }),
    );
  }
  await ensureToken(database, wanted, userId);
  return { userId, organizationId, created: present === undefined };
}

async function isRight(present: UserRow | undefined, password: string): Promise<boolean> {
  if (present?.role !== 'admin' || present.disabled_at !== null) return false;
  return verifyPassword(password, present.password_hash);
}

async function ensureToken(database: Database, wanted: FirstAdmin, userId: string): Promise<void> {
  const { token, authSecret, now } = wanted;
  if (token === undefined) return;
  if (authSecret === undefined)
    throw new TypeError('Cannot keep a token without authSecret; wanted: the AUTH_SECRET of the platform');
  await createPersonalToken(database, { userId, name: 'first admin', role: 'admin', authSecret, token, now });
}

/** The token that is to be good: a new password, here or on a page, has revoked it with the others. */
async function restoreToken(tx: Db, admin: FirstAdmin & { readonly userId: string }): Promise<void> {
  const { userId, token, authSecret } = admin;
  if (token === undefined || authSecret === undefined) return;
  await tx
    .updateTable('api_tokens')
    .set({ revoked_at: null })
    .where('user_id', '=', userId)
    .where('token_hash', '=', hashToken(authSecret, token))
    .execute();
}

async function writeAdmin(
  tx: Db,
  admin: FirstAdmin & {
    readonly userId: string;
    readonly organizationId: string;
    readonly passwordHash: string;
    readonly newId: () => string;
  },
): Promise<void> {
  const { email, now, userId, organizationId } = admin;
  const right = {
    role: 'admin',
    password_hash: admin.passwordHash,
    disabled_at: null,
    updated_at: now,
  } as const;
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set(right)
    .where('id', '=', userId)
    .executeTakeFirst();
  const isNew = numUpdatedRows === 0n;
  if (isNew) {
    const names = { email, email_key: emailKeyOf(email), display_name: admin.displayName ?? email };
    const row = { ...right, ...names, id: userId, organization_id: organizationId, created_at: now };
    await tx.insertInto('users').values(row).execute();
  } else {
    await endSessions(tx, userId);
    await revokeTokens(tx, userId, now);
    await restoreToken(tx, admin);
  }
  await recordAudit(tx, {
    id: admin.newId(),
    at: now,
    organizationId,
    actor: { kind: 'system', name: 'first admin' },
    action: isNew ? 'user.created' : 'user.updated',
    subjectType: 'user',
    subjectId: userId,
  });
}
