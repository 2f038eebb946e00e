import { type Db, upsert } from '../../platform/database/index.ts';

export interface CredentialAge {
  readonly name: string;
  /** A keyed hash of the secret, 64 hex digits. */
  readonly fingerprint: string;
  readonly since: Date;
  readonly lastSeenAt: Date;
}

export async function readCredentialAges(db: Db): Promise<CredentialAge[]> {
  const rows = await db.selectFrom('credential_ages').selectAll().orderBy('name').execute();
  return rows.map((row) => ({
    name: row.name,
    fingerprint: row.fingerprint,
    since: row.since,
    lastSeenAt: row.last_seen_at,
  }));
}

export async function storeCredentialAges(db: Db, ages: readonly CredentialAge[]): Promise<void> {
  await upsert(db, 'credential_ages', {
    columns: { name: 'id', fingerprint: 'text', since: 'instant', last_seen_at: 'instant' } as const,
    rows: ages.map((age) => ({
      name: age.name,
      fingerprint: age.fingerprint,
      since: age.since,
      last_seen_at: age.lastSeenAt,
    })),
    key: ['name'],
    update: ['fingerprint', 'since', 'last_seen_at'],
  });
}
