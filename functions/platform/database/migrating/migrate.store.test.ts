import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { checkSchemaVersion, migrate, openDatabase, planRelease, SchemaVersionError } from '../index.ts';
import { migrationsFolder } from './migrate.ts';
import { readMigrations } from './migration-files.ts';

let database: TestDatabase;
let folder: string;
let count: number;

beforeAll(async () => {
  database = await openTestDatabase();
  count = (await readMigrations(migrationsFolder(), database.dialect)).length;
});
afterAll(() => database.close());

/** A copy of our migrations, with one more. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasync-migrations-'));
  await cp(migrationsFolder(), folder, { recursive: true });
});
afterEach(async () => {
  await migrate(database, { direction: 'down', target: count, folder }).catch(() => undefined);
  await database.db.deleteFrom('schema_migrations').where('number', '>', count).execute();
  await rm(folder, { recursive: true, force: true });
});

const extraName = () => `${String(count + 1).padStart(3, '0')}_extra`;
async function addMigration(forward: string, rollback = 'DROP TABLE extra;'): Promise<void> {
  for (const dialect of ['postgres', 'mssql']) {
    await writeFile(join(folder, dialect, `${extraName()}.sql`), forward);
    await writeFile(join(folder, dialect, `${extraName()}.rollback.sql`), rollback);
  }
}
const extraRows = () => sql`select id from extra`.execute(database.db);

describe('A7 migrations', () => {
  it('A7 takes the whole schema down and puts it up again', async () => {
    const down = await migrate(database, { direction: 'down', target: 0 });
    expect(down).toHaveLength(count);
    await expect(database.db.selectFrom('organizations').selectAll().execute()).rejects.toThrow();
    expect(await migrate(database)).toEqual([...down].reverse());
    expect(await migrate(database)).toEqual([]);
    expect(await checkSchemaVersion(database)).toBe(count);
  });

  it('A7 runs each file once though several processes start at the same time', async () => {
    const pause = database.dialect === 'postgres' ? 'SELECT pg_sleep(0.3);\n' : '';
    await addMigration(`${pause}CREATE TABLE extra (id int NOT NULL);`);
    const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url: database.url, poolMax: 2 })));
    const ran = await Promise.all(others.map((other) => migrate(other, { folder })));
    await Promise.all(others.map((other) => other.close()));
    expect(ran.flat()).toEqual([extraName()]);
  });

  it('A7 leaves nothing of a file that fails, and says no more than the server did', async () => {
    await addMigration('CREATE TABLE extra (id int NOT NULL);\nINSERT INTO extra (id) VALUES (1), (NULL);');
    await expect(migrate(database, { folder })).rejects.toThrow();
    await expect(extraRows()).rejects.toThrow();
    expect(await checkSchemaVersion(database)).toBe(count);
  });

  it('A7 goes one step back by default, and forward to a target', async () => {
    await addMigration('CREATE TABLE extra (id int NOT NULL);');
    expect(await migrate(database, { folder, target: count })).toEqual([]);
    expect(await migrate(database, { folder })).toEqual([extraName()]);
    expect(await migrate(database, { folder, direction: 'down' })).toEqual([extraName()]);
    await expect(extraRows()).rejects.toThrow();
  });

  it('A7 older code runs on a newer schema that only grew, and refuses a breaking one', async () => {
    await addMigration('CREATE TABLE extra (id int NOT NULL);');
    await migrate(database, { folder });
    expect(await migrate(database)).toEqual([]);
    expect(await checkSchemaVersion(database)).toBe(count + 1);
    await migrate(database, { folder, direction: 'down' });

    await addMigration('-- breaking\nCREATE TABLE extra (id int NOT NULL);');
    await migrate(database, { folder });
    await expect(migrate(database)).rejects.toThrow(SchemaVersionError);
    await expect(checkSchemaVersion(database)).rejects.toThrow(/newer than this code and breaking/);
  });

  it('A7 refuses a file that was changed after it was applied', async () => {
    await addMigration('CREATE TABLE extra (id int NOT NULL);');
    await migrate(database, { folder });
    await addMigration('CREATE TABLE extra (id bigint NOT NULL);');
    await expect(migrate(database, { folder })).rejects.toThrow(/an applied migration is never changed/);
  });

  it('A7 a host that only checks is told what is missing', async () => {
    await addMigration('CREATE TABLE extra (id int NOT NULL);');
    await expect(checkSchemaVersion(database, { folder })).rejects.toThrow(`${extraName()} is not applied`);
  });

  it('A7 D8 a contraction waits for the release after its expansion, and the code runs without it', async () => {
    await addMigration('-- breaking\nCREATE TABLE extra (id int NOT NULL);');
    const expansion = new Date(Date.now() - 60_000);
    expect(await checkSchemaVersion(database, { folder })).toBe(count);
    const sameRelease = { releaseAt: expansion, folder };
    expect(await planRelease(database, { phase: 'expand', ...sameRelease })).toEqual({
      target: count,
      names: [],
    });
    await expect(planRelease(database, { phase: 'contract', ...sameRelease })).rejects.toThrow(
      /a release later/,
    );
    const releaseAt = new Date(Date.now() + 60_000);
    expect(await planRelease(database, { phase: 'contract', releaseAt, folder })).toEqual({
      target: count + 1,
      names: [extraName()],
    });
  });

  it('A7 refuses a folder with a gap in its numbers, or without a rollback', async () => {
    await writeFile(join(folder, database.dialect, '099_gap.sql'), 'SELECT 1;');
    await expect(migrate(database, { folder })).rejects.toThrow(/099_gap/);
    await writeFile(join(folder, database.dialect, '099_gap.rollback.sql'), 'SELECT 1;');
    await expect(migrate(database, { folder })).rejects.toThrow(/wanted/);
  });
});
