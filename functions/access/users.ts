import type { BodyOf } from '../../shared/contract/endpoint.ts';
import type { createUser, updateUser } from '../../shared/contract/access.ts';
import { classifyDatabaseError, type Db, withLock } from '../platform/database/index.ts';
import { lowerRole } from '../platform/http/authorize.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import type { Change } from './change.ts';
import { recordAudit } from './auditLog.ts';
import { hashPassword } from './password.ts';
import { endSessions } from './sessions.ts';
import { revokeTokens } from './tokens.ts';
import { countOtherAdmins, emailKeyOf, findUser, type UserRow, type UserView, viewOf } from './userStore.ts';

/** Adds a person to the admin's organization. Throws `conflict` when the address has an account, in whatever organization. */
export async function addUser(
  services: Services,
  { caller, correlationId }: Change,
  wanted: BodyOf<typeof createUser>,
): Promise<string> {
  const { organizationId } = caller;
  const id = services.newId();
  const password_hash = await hashPassword(wanted.password);
  const at = services.now();
  const row = {
    id,
    organization_id: organizationId,
    email: wanted.email,
    email_key: emailKeyOf(wanted.email),
    display_name: wanted.displayName,
    role: wanted.role,
    password_hash,
    disabled_at: null,
    created_at: at,
    updated_at: at,
  };
  try {
    await services.database.transaction(async (tx) => {
      await tx.insertInto('users').values(row).execute();
      await recordAudit(tx, {
        id: services.newId(),
        at,
        organizationId,
        actor: caller,
        action: 'user.created',
        subjectType: 'user',
        subjectId: id,
        detail: { email: wanted.email, role: wanted.role },
        correlationId,
      });
    });
  } catch (error) {
    if (classifyDatabaseError(error).kind !== 'unique_violation') throw error;
    throw new Problem('conflict', 'This address has an account already; wanted: one account an address.', {
      cause: error,
    });
  }
  return id;
}

/**
 * Changes a person's role, password or access, and ends their sessions. A lower role also lowers their tokens for
 * good; a new password revokes them, as does disabling: whoever stole the old one may have made some. Throws `not-found`, and `conflict` when nobody would be left to administer.
 */
export async function changeUser(
  services: Services,
  { caller, correlationId }: Change,
  wanted: BodyOf<typeof updateUser> & { readonly userId: string },
): Promise<UserView> {
  const { organizationId } = caller;
  const passwordHash = wanted.password === undefined ? undefined : await hashPassword(wanted.password);
  return withLock(services.database.db, `administrators of ${organizationId}`, async (tx) => {
    const now = services.now();
    const user = await findUser(tx, organizationId, wanted.userId);
    const changed = { ...user, ...changesOf(user, wanted, passwordHash, now) };
    await refuseLosingLastAdmin(tx, user, changed);
    const { role, password_hash, disabled_at, updated_at } = changed;
    await tx
      .updateTable('users')
      .set({ role, password_hash, disabled_at, updated_at })
      .where('id', '=', user.id)
      .execute();
    await endSessions(tx, user.id);
    if (passwordHash !== undefined || disabled_at !== null) await revokeTokens(tx, user.id, now);
    await limitTokens(tx, changed);
    await recordAudit(tx, {
      id: services.newId(),
      at: now,
      organizationId,
      actor: caller,
      action: 'user.updated',
      subjectType: 'user',
      subjectId: user.id,
      detail: auditDetail(user, changed),
      correlationId,
    });
    return viewOf(changed);
  });
}

function changesOf(
  user: UserRow,
  wanted: BodyOf<typeof updateUser>,
  passwordHash: string | undefined,
  now: Date,
): Pick<UserRow, 'role' | 'password_hash' | 'disabled_at' | 'updated_at'> {
  const disabledAt = wanted.disabled === true ? (user.disabled_at ?? now) : null;
  return {
    role: wanted.role ?? user.role,
    password_hash: passwordHash ?? user.password_hash,
    disabled_at: wanted.disabled === undefined ? user.disabled_at : disabledAt,
    updated_at: now,
  };
}

function isActiveAdmin(user: UserRow): boolean {
  return user.role === 'admin' && user.disabled_at === null;
}

async function refuseLosingLastAdmin(tx: Db, before: UserRow, after: UserRow): Promise<void> {
  if (!isActiveAdmin(before) || isActiveAdmin(after)) return;
  if ((await countOtherAdmins(tx, before.organization_id, before.id)) > 0) return;
  throw new Problem('conflict', 'This is the last administrator; make another one first.');
}

async function limitTokens(tx: Db, user: UserRow): Promise<void> {
  const higher = (['operator', 'admin'] as const).filter((role) => lowerRole(role, user.role) !== role);
  if (higher.length === 0) return;
  await tx
    .updateTable('api_tokens')
    .set({ role: user.role })
    .where('user_id', '=', user.id)
    .where('revoked_at', 'is', null)
    .where('role', 'in', higher)
    .execute();
}

function auditDetail(before: UserRow, after: UserRow): Record<string, unknown> {
  return {
    ...(before.role === after.role ? {} : { role: { old: before.role, new: after.role } }),
    ...(before.disabled_at === after.disabled_at ? {} : { disabled: after.disabled_at !== null }),
    ...(before.password_hash === after.password_hash ? {} : { password: 'changed' }),
  };
}
