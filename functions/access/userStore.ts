import type { Selectable } from 'kysely';
import type { Me, userView } from '../../shared/contract/access.ts';
import type { z } from 'zod';
import type { Db, Schema } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';

export type UserRow = Selectable<Schema['users']>;
export type UserView = z.infer<typeof userView>;

/** One account an address, however it is written. */
export function emailKeyOf(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

export async function findUserByEmail(db: Db, emailKey: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('email_key', '=', emailKey).executeTakeFirst();
}

export async function findUser(db: Db, organizationId: string, userId: string): Promise<UserRow> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', userId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no user ${userId} in this organization.`);
  return row;
}

/** The account, held until the transaction ends: whoever changes it waits, or has been here before. */
export async function lockUser(tx: Db, userId: string): Promise<UserRow> {
  return tx.selectFrom('users').selectAll().where('id', '=', userId).forUpdate().executeTakeFirstOrThrow();
}

export async function listUsers(db: Db, organizationId: string): Promise<UserView[]> {
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('email_key')
    .execute();
  return rows.map(viewOf);
}

export function viewOf(row: UserRow): UserView {
  return {
    userId: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    disabled: row.disabled_at !== null,
    createdAt: row.created_at.toISOString(),
  };
}

/** Who a user is, with the organization's name. */
export async function findMe(db: Db, userId: string): Promise<Me> {
  const row = await db
    .selectFrom('users')
    .innerJoin('organizations', 'organizations.id', 'users.organization_id')
    .select([
      'users.id as userId',
      'users.email as email',
      'users.display_name as displayName',
      'users.role as role',
      'organizations.id as organizationId',
      'organizations.name as organizationName',
    ])
    .where('users.id', '=', userId)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no user ${userId}.`);
  return row;
}

/** How many admins who may sign in an organization has, one of them left out. */
export async function countOtherAdmins(db: Db, organizationId: string, userId: string): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('id', '<>', userId)
    .executeTakeFirstOrThrow();
  return row.count;
}
