import { sql } from 'kysely';
import { bySql } from '../fragments/by-sql.ts';
import type { Db } from '../schema.ts';

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
  readonly applied_at: Date;
}

/** The one table that no migration makes; idempotent. Asks first: a host that only checks may not be allowed to make one. */
export async function createMigrationTable(transaction: Db): Promise<void> {
  if (await hasMigrationTable(transaction)) return;
  await bySql({
    postgres: sql`create table schema_migrations (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  checksum   char(64) NOT NULL,
  breaking   boolean NOT NULL,
  applied_at timestamptz(3) NOT NULL
)`,
    mssql: sql`create table schema_migrations (
  number     int NOT NULL,
  name       nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  checksum   nchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  breaking   bit NOT NULL,
  applied_at datetimeoffset(3) NOT NULL,
  CONSTRAINT schema_migrations_pk PRIMARY KEY (number)
)`,
  }).execute(transaction);
}

/** In order; none where the table is not there yet. */
export async function appliedMigrations(transaction: Db): Promise<AppliedMigration[]> {
  if (!(await hasMigrationTable(transaction))) return [];
  return transaction
    .selectFrom('schema_migrations')
    .select(['number', 'name', 'checksum', 'breaking', 'applied_at'])
    .orderBy('number')
    .execute();
}

async function hasMigrationTable(transaction: Db): Promise<boolean> {
  const found = await bySql<{ present: number }>({
    postgres: sql`select case when to_regclass('schema_migrations') is null then 0 else 1 end as present`,
    mssql: sql`select case when object_id('schema_migrations', 'U') is null then 0 else 1 end as present`,
  }).execute(transaction);
  return found.rows[0]?.present === 1;
}
