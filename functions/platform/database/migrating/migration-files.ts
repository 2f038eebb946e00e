import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dialect } from '../database-url.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly forward: string;
  readonly rollback: string;
  /** SHA-256 of the forward text, whatever its line ends. */
  readonly checksum: string;
  /** Code that does not know it must not run on it: its first line is `-- breaking`. */
  readonly breaking: boolean;
}

const forwardName = /^(\d{3})_([a-z0-9_]+)\.sql$/;

/**
 * The migrations of one dialect, in order: `NNN_description.sql`, each with `NNN_description.rollback.sql`.
 * Throws if a number is missing or double, or a rollback is missing.
 */
export async function readMigrations(folder: string, dialect: Dialect): Promise<Migration[]> {
  const dialectFolder = join(folder, dialect);
  const names = (await readdir(dialectFolder)).filter((name) => forwardName.test(name)).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(dialectFolder, name)));
  migrations.forEach((migration, index) => {
    if (migration.number === index + 1) return;
    throw new Error(
      `Cannot use the migrations in ${dialectFolder}: ${migration.name} follows number ${index}, wanted ${index + 1}`,
    );
  });
  return migrations;
}

async function readMigration(folder: string, fileName: string): Promise<Migration> {
  const name = fileName.replace(/\.sql$/, '');
  const forward = await readText(join(folder, fileName));
  return {
    number: Number(name.slice(0, 3)),
    name,
    forward,
    rollback: await readText(join(folder, `${name}.rollback.sql`)),
    checksum: createHash('sha256').update(forward).digest('hex'),
    breaking: forward.startsWith('-- breaking'),
  };
}

async function readText(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
}

/** T-SQL tools send a file batch by batch, each ended by a line GO; PostgreSQL takes a file whole. */
export function batchesOf(text: string, dialect: Dialect): string[] {
  if (dialect === 'postgres') return [text];
  return text.split(/^\s*GO\s*$/im).filter((batch) => batch.trim() !== '');
}
