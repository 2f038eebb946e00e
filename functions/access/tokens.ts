import { randomBytes } from 'node:crypto';
import type { createToken, tokens } from '../../shared/contract/access.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type { Role } from '../../shared/contract/fields.ts';
import type { Db } from '../platform/database/index.ts';
import { PERSONAL_TOKEN_PREFIX } from '../platform/http/authentication/names.ts';
import { hashToken } from '../platform/http/authentication/secretHash.ts';
import { includesRole } from '../platform/http/authorize.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { recordAudit } from './auditLog.ts';
import type { Change } from './change.ts';
import { lockUser } from './userStore.ts';

/** A person's tokens that were not revoked, at most. */
const MAX_TOKENS = 100;

export interface NewToken {
  readonly tokenId: string;
  /** Shown once. */
  readonly token: string;
}

/**
 * Makes a token for the caller, with at most the caller's role. Only whoever signed in makes one: a stolen token could
 * otherwise outlive its revocation. Throws `not-allowed` and `conflict`.
 */
export async function addToken(
  services: Services,
  { caller, correlationId }: Change,
  wanted: BodyOf<typeof createToken>,
): Promise<NewToken> {
  if (!includesRole(caller.role, wanted.role))
    throw new Problem('not-allowed', `A ${caller.role} cannot make a token with the role ${wanted.role}.`);
  if (caller.by === 'token')
    throw new Problem('not-allowed', 'A token makes no other token; sign in to make one.');
  const now = services.now();
  const { newId } = services;
  return services.database.transaction(async (tx) => {
    await refuseSignedOut(tx, caller.userId);
    await refuseTooMany(tx, caller.userId);
    const made = await storeToken(tx, {
      id: newId(),
      userId: caller.userId,
      name: wanted.name,
      role: wanted.role,
      authSecret: services.settings.AUTH_SECRET,
      now,
      expiresAt:
        wanted.expiresInDays === undefined
          ? null
          : new Date(now.getTime() + wanted.expiresInDays * 86_400_000),
    });
    await recordAudit(tx, {
      id: newId(),
      at: now,
      organizationId: caller.organizationId,
      actor: caller,
      action: 'token.created',
      subjectType: 'token',
      subjectId: made.tokenId,
      detail: { name: wanted.name, role: wanted.role, expiresInDays: wanted.expiresInDays ?? null },
      correlationId,
    });
    return made;
  });
}

/** The caller's sessions may have been ended, with every token, since the edge looked: this one would outlive that. */
async function refuseSignedOut(tx: Db, userId: string): Promise<void> {
  await lockUser(tx, userId);
  const session = tx.selectFrom('sessions').select('user_id').where('user_id', '=', userId).limit(1);
  if ((await session.executeTakeFirst()) !== undefined) return;
  throw new Problem('not-allowed', 'The session has ended; sign in again.');
}

async function refuseTooMany(tx: Db, userId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('api_tokens')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (count >= MAX_TOKENS)
    throw new Problem('conflict', `There are ${String(MAX_TOKENS)} tokens already; revoke some first.`);
}

/** Every token of somebody. Their account is held, or changed, by the same transaction. */
export async function revokeTokens(tx: Db, userId: string, now: Date): Promise<void> {
  await tx
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .execute();
}

/** Stores a token that was given, or a new random one. */
export async function storeToken(
  db: Db,
  wanted: {
    readonly id: string;
    readonly userId: string;
    readonly name: string;
    readonly role: Role;
    readonly authSecret: string;
    readonly now: Date;
    readonly expiresAt: Date | null;
    readonly token?: string | undefined;
  },
): Promise<NewToken> {
  const token = wanted.token ?? `${PERSONAL_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  await db
    .insertInto('api_tokens')
    .values({
      id: wanted.id,
      user_id: wanted.userId,
      name: wanted.name,
      token_hash: hashToken(wanted.authSecret, token),
      role: wanted.role,
      created_at: wanted.now,
      expires_at: wanted.expiresAt,
      revoked_at: null,
      last_used_at: null,
    })
    .execute();
  return { tokenId: wanted.id, token };
}

/** A person's tokens, newest first, without what would let anybody in. */
export async function listTokens(db: Db, userId: string): Promise<ResponseOf<typeof tokens>> {
  const rows = await db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'role', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'])
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .execute();
  return {
    tokens: rows.map((row) => ({
      tokenId: row.id,
      name: row.name,
      role: row.role,
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at?.toISOString() ?? null,
      lastUsedAt: row.last_used_at?.toISOString() ?? null,
      revoked: row.revoked_at !== null,
    })),
  };
}

/** Ends a token of the caller at once. Repeating it changes nothing. Throws `not-found`. */
export async function endToken(
  services: Services,
  { caller, correlationId }: Change,
  tokenId: string,
): Promise<void> {
  const now = services.now();
  await services.database.transaction(async (tx) => {
    const token = await tx
      .selectFrom('api_tokens')
      .select(['id', 'revoked_at'])
      .where('id', '=', tokenId)
      .where('user_id', '=', caller.userId)
      .executeTakeFirst();
    if (token === undefined) throw new Problem('not-found', `You have no token ${tokenId}.`);
    if (token.revoked_at !== null) return;
    await tx.updateTable('api_tokens').set({ revoked_at: now }).where('id', '=', tokenId).execute();
    await recordAudit(tx, {
      id: services.newId(),
      at: now,
      organizationId: caller.organizationId,
      actor: caller,
      action: 'token.revoked',
      subjectType: 'token',
      subjectId: tokenId,
      correlationId,
    });
  });
}
