import type { Role } from '../../shared/contract/fields.ts';
import type { Database } from '../platform/database/index.ts';
import { PERSONAL_TOKEN_PREFIX } from '../platform/http/authentication/names.ts';
import { hashToken } from '../platform/http/authentication/secretHash.ts';
import { createIdSource } from '../platform/ids.ts';
import { type NewToken, storeToken } from './tokens.ts';

export interface OwnerToken {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  /** AUTH_SECRET. */
  readonly authSecret: string;
  readonly now: Date;
  /** A token chosen before, beginning `dst_`; a random one unless given. */
  readonly token?: string;
  /** Never unless given. */
  readonly expiresAt?: Date;
}

/**
 * Makes a personal token for whoever holds the database. With `token` given, repeating it changes nothing, so that a
 * token kept in a file outlives a database that does not. Throws when that token was revoked or is another user's.
 */
export async function createPersonalToken(database: Database, wanted: OwnerToken): Promise<NewToken> {
  const { token } = wanted;
  if (token !== undefined) {
    if (!token.startsWith(PERSONAL_TOKEN_PREFIX))
      throw new TypeError(`A personal token begins ${PERSONAL_TOKEN_PREFIX}; the one given does not`);
    const present = await findToken(database, hashToken(wanted.authSecret, token));
    if (present?.revoked_at === null && present.user_id === wanted.userId)
      return { tokenId: present.id, token };
    if (present !== undefined)
      throw new Error(`Cannot make token ${present.id} good again: it was revoked or is another user's`);
  }
  const newId = createIdSource(() => wanted.now.getTime());
  return storeToken(database.db, { ...wanted, id: newId(), expiresAt: wanted.expiresAt ?? null });
}

async function findToken(database: Database, tokenHash: string) {
  return database.db
    .selectFrom('api_tokens')
    .select(['id', 'user_id', 'revoked_at'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
}
