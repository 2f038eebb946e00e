import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CompiledQuery } from 'kysely';
import type { Database } from '../database.ts';
import { withLock } from '../fragments/with-lock.ts';
import type { Db } from '../schema.ts';
import { appliedMigrations, createMigrationTable } from './applied-migrations.ts';
import type { AppliedMigration } from './applied-migrations.ts';
import { batchesOf, readMigrations } from './migration-files.ts';
import type { Migration } from './migration-files.ts';
import { type Phase, targetOf } from './release-plan.ts';
import { refuseUnknownSchema, SchemaVersionError } from './schema-version-error.ts';

export interface MigrateOptions {
  readonly direction?: 'up' | 'down';
  /** The number to end at; up: by default the newest, down: by default one less than now. */
  readonly target?: number;
  /** The folder that holds `postgres/` and `mssql/`; by default the one beside the source, or beside the bundle. */
  readonly folder?: string;
}

/** Where the migrations of this code are: a bundle has them beside itself, the source one folder up. */
export function migrationsFolder(): string {
  const besideBundle = fileURLToPath(new URL('./migrations', import.meta.url));
  return existsSync(besideBundle) ? besideBundle : fileURLToPath(new URL('../migrations', import.meta.url));
}

/**
 * Brings the schema to `target` and gives the names of the migrations that this call ran. Each file is one
 * transaction with its row in schema_migrations, taken under a lock: any number of processes may call this at once,
 * and again. Throws SchemaVersionError if an applied file was changed since, or the database is newer than this
 * code and breaking.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  const known = await readMigrations(options.folder ?? migrationsFolder(), database.dialect);
  const down = options.direction === 'down';
  const ran: string[] = [];
  let target = options.target;
  for (;;) {
    const step = await withLock(database.db, 'datasync-migrations', async (transaction) => {
      await createMigrationTable(transaction);
      const applied = await knownState(transaction, known);
      target ??= down ? applied.length - 1 : known.length;
      return down
        ? stepDown(transaction, database, known, applied, target)
        : stepUp(transaction, database, known, applied, target);
    });
    if (step === undefined) return ran;
    ran.push(step);
  }
}

/**
 * Which migrations `migrate` would run for this phase of a deployment, by the rules of release-plan.ts, and up to which number.
 * Changes nothing. Throws SchemaVersionError for what may not be run.
 */
export async function planRelease(
  database: Database,
  { phase, releaseAt, folder }: { phase: Phase; releaseAt: Date; folder?: string },
): Promise<{ readonly target: number; readonly names: readonly string[] }> {
  const known = await readMigrations(folder ?? migrationsFolder(), database.dialect);
  const rows = await knownState(database.db, known);
  const applied = rows.map(({ applied_at, ...row }) => ({ ...row, appliedAt: applied_at }));
  const target = targetOf({ phase, known, applied, releaseAt });
  return { target, names: known.slice(applied.length, target).map(({ name }) => name) };
}

/**
 * Compares without changing anything, for hosts where a deploy step migrates. Throws SchemaVersionError if the
 * database lacks a migration of this code that it needs (a contraction comes when this code runs already), or is newer
 * and breaking.
 */
export async function checkSchemaVersion(
  database: Database,
  options: Pick<MigrateOptions, 'folder'> = {},
): Promise<number> {
  const known = await readMigrations(options.folder ?? migrationsFolder(), database.dialect);
  const applied = await knownState(database.db, known);
  const missing = known.slice(applied.length).find(({ breaking }) => !breaking);
  if (missing)
    throw new SchemaVersionError(
      `Cannot run on this database: ${missing.name} is not applied, wanted all of ${known.length} migrations`,
    );
  return applied.length;
}

async function knownState(transaction: Db, known: readonly Migration[]): Promise<AppliedMigration[]> {
  const applied = await appliedMigrations(transaction);
  refuseUnknownSchema(known, applied);
  return applied;
}

async function stepUp(
  transaction: Db,
  database: Database,
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
  target: number,
): Promise<string | undefined> {
  const next = known[applied.length];
  if (next === undefined || next.number > target) return undefined;
  await runText(transaction, database, next.forward);
  await transaction
    .insertInto('schema_migrations')
    .values({
      number: next.number,
      name: next.name,
      checksum: next.checksum,
      breaking: next.breaking,
      applied_at: new Date(),
    })
    .execute();
  return next.name;
}

async function stepDown(
  transaction: Db,
  database: Database,
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
  target: number,
): Promise<string | undefined> {
  const last = applied.at(-1);
  if (last === undefined || last.number <= target) return undefined;
  const migration = known[last.number - 1];
  if (migration === undefined)
    throw new SchemaVersionError(`Cannot roll back ${last.name}: this code does not have it`);
  await runText(transaction, database, migration.rollback);
  await transaction.deleteFrom('schema_migrations').where('number', '=', last.number).execute();
  return migration.name;
}

async function runText(transaction: Db, database: Database, text: string): Promise<void> {
  // Text of one dialect: it passes by whatever watches the trees of statements.
  const run = (statement: string): Promise<unknown> => transaction.executeQuery(CompiledQuery.raw(statement));
  // A migration may take longer than any statement of a request.
  if (database.dialect === 'postgres') await run('set local statement_timeout = 0');
  for (const batch of batchesOf(text, database.dialect)) await run(batch);
}
