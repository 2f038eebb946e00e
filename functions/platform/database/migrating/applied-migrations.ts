import { sql } from 'kysely';
import { bySql } from '../fragments/by-sql.ts';
import type { Db } from '../schema.ts';

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

/** The one table that no migration makes; idempotent. */
export async function createMigrationTable(transaction: Db): Promise<void> {
  await bySql({
    postgres: sql`create table if not exists schema_migrations (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  checksum   char(64) NOT NULL,
  breaking   boolean NOT NULL,
  applied_at timestamptz(3) NOT NULL
)`,
    mssql: sql`if object_id('schema_migrations', 'U') is null
create table schema_migrations (
  number     int NOT NULL,
  name       nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  checksum   nchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  breaking   bit NOT NULL,
  applied_at datetimeoffset(3) NOT NULL,
  CONSTRAINT schema_migrations_pk PRIMARY KEY (number)
)`,
  }).execute(transaction);
}

export async function appliedMigrations(transaction: Db): Promise<AppliedMigration[]> {
  return transaction
    .selectFrom('schema_migrations')
    .select(['number', 'name', 'checksum', 'breaking'])
    .orderBy('number')
    .execute();
}
