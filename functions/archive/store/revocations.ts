import type { Selectable } from 'kysely';
import { type Db, upsert } from '../../platform/database/index.ts';
import type { DueRevocationsTable } from '../../platform/database/tables/fleet.ts';

export type RevocationRow = Selectable<DueRevocationsTable>;

const columns = { share_name: 'id', revocation_id: 'text', due_at: 'instant' } as const;

export async function owe(tx: Db, rows: readonly RevocationRow[]): Promise<void> {
  await upsert(tx, 'due_revocations', {
    columns,
    rows,
    key: ['share_name'],
    update: ['revocation_id', 'due_at'],
  });
}

/** Longest due first. */
export async function dueRevocations(db: Db, now: Date, limit: number): Promise<RevocationRow[]> {
  return db
    .selectFrom('due_revocations')
    .selectAll()
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('share_name')
    .limit(limit)
    .execute();
}

/** What is owed by a later decision stays owed. */
export async function settle(db: Db, revocation: RevocationRow): Promise<void> {
  await db
    .deleteFrom('due_revocations')
    .where('share_name', '=', revocation.share_name)
    .where('revocation_id', '=', revocation.revocation_id)
    .execute();
}

export async function postpone(db: Db, revocation: RevocationRow, until: Date): Promise<void> {
  await db
    .updateTable('due_revocations')
    .set({ due_at: until })
    .where('share_name', '=', revocation.share_name)
    .where('revocation_id', '=', revocation.revocation_id)
    .execute();
}
