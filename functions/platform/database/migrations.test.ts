import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tablesOf } from '../../../test/support/migration-tables.ts';
import type { TablesOfMigrations } from '../../../test/support/migration-tables.ts';
import { tSqlFaultOf } from '../../../test/support/t-sql.ts';
import { batchesOf, readMigrations } from './migrating/migration-files.ts';
import type { Migration } from './migrating/migration-files.ts';
import { migrationsFolder } from './migrating/migrate.ts';

let mssql: Migration[];
let postgres: Migration[];
let inMssql: TablesOfMigrations;
let inPostgres: TablesOfMigrations;

beforeAll(async () => {
  mssql = await readMigrations(migrationsFolder(), 'mssql');
  postgres = await readMigrations(migrationsFolder(), 'postgres');
  inMssql = tablesOf(mssql);
  inPostgres = tablesOf(postgres);
});

const typeInMssql: Readonly<Record<string, RegExp>> = {
  text: /^nvarchar\((\d+|max)\) COLLATE Latin1_General_BIN2$/,
  'char(64)': /^nvarchar\(64\) COLLATE Latin1_General_BIN2$/,
  jsonb: /^nvarchar\(max\) COLLATE Latin1_General_BIN2$/,
  'timestamptz(3)': /^datetimeoffset\(3\)$/,
  integer: /^int$/,
  bigint: /^bigint$/,
  'double precision': /^float$/,
  boolean: /^bit$/,
  bytea: /^binary\(32\)$/,
};

describe('A7 migrations of both dialects', () => {
  it('A7 have the same names and the same marks', () => {
    const marks = (list: Migration[]) => list.map(({ name, breaking }) => ({ name, breaking }));
    expect(marks(mssql)).toEqual(marks(postgres));
  });

  it('A7 make the same columns, of types that hold the same values', () => {
    const wrong: string[] = [];
    expect([...inMssql.columns.keys()].sort()).toEqual([...inPostgres.columns.keys()].sort());
    for (const [table, columns] of inPostgres.columns) {
      const others = inMssql.columns.get(table) ?? new Map();
      expect([...others.keys()].sort(), table).toEqual([...columns.keys()].sort());
      for (const [name, { type, nullable }] of columns) {
        const base = /^(char\(64\)|timestamptz\(3\)|double precision|\w+)/.exec(type)?.[1] ?? '';
        const other = others.get(name);
        const holds = typeInMssql[base]?.test(other?.type ?? '') === true && other?.nullable === nullable;
        if (!holds) wrong.push(`${table}.${name}: ${type}, and in T-SQL ${String(other?.type)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('A7 index the same columns, within the bytes of a SQL Server key', () => {
    const texts = (tables: TablesOfMigrations) =>
      tables.keys.map((key) => `${key.table} ${key.columns.join()}`);
    expect(texts(inMssql).sort()).toEqual(texts(inPostgres).sort());
    for (const { table, columns, clustered } of inMssql.keys) {
      const bytes = columns.reduce(
        (sum, name) => sum + bytesOf(inMssql.columns.get(table)?.get(name)?.type ?? ''),
        0,
      );
      expect(bytes, `${table} (${columns.join()})`).toBeLessThanOrEqual(clustered ? 900 : 1_700);
    }
  });

  it('A7 are known, column by column, to the table types that queries are checked against', () => {
    const folder = join(import.meta.dirname, 'tables');
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const declared = new Map<string, string[]>();
    for (const [, name = '', body = ''] of text.matchAll(/export interface (\w+)Table \{\n(.*?)\n\}/gs)) {
      const columns = body.split('\n').map((line) => /^ {2}(\w+)\??:/.exec(line)?.[1] ?? '');
      declared.set(name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase(), columns.filter(Boolean).sort());
    }
    declared.delete('schema_migrations');
    const made = [...inPostgres.columns].map(
      ([table, columns]) => [table, [...columns.keys()].sort()] as const,
    );
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(made));
  });

  it('A7 are T-SQL of the subset that every server takes', { timeout: 120_000 }, () => {
    for (const migration of mssql) {
      for (const batch of [
        ...batchesOf(migration.forward, 'mssql'),
        ...batchesOf(migration.rollback, 'mssql'),
      ]) {
        expect(tSqlFaultOf(batch), batch).toBeUndefined();
        expect(batch).not.toMatch(/\bWHERE\b.*\bINDEX\b|\bINDEX\b.*\bWHERE\b/); // no filtered index
      }
    }
  });
});

function bytesOf(type: string): number {
  const [, name = '', length = ''] = /^(\w+)(?:\((\d+|max)\))?/.exec(type) ?? [];
  if (name === 'nvarchar') return length === 'max' ? Number.POSITIVE_INFINITY : Number(length) * 2;
  if (name === 'binary') return Number(length);
  return { datetimeoffset: 10, bigint: 8, int: 4, bit: 1, float: 8 }[name] ?? Number.POSITIVE_INFINITY;
}
