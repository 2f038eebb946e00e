import { CompiledQuery } from 'kysely';
import type { Db } from '../../functions/platform/database/index.ts';

/** The whole schema of a PostgreSQL database as SQL, the same text for the same schema: to be read in a review. */
export async function dumpSchema(db: Db): Promise<string> {
  const tables = await lines(db, tableNames);
  const parts = await Promise.all(tables.map((table) => dumpTable(db, table)));
  const views = await lines(db, viewTexts);
  return `-- The schema after all migrations; written by its test (vitest -u), never by hand.\n\n${[...parts, ...views].join('\n\n')}\n`;
}

async function dumpTable(db: Db, table: string): Promise<string> {
  const members = [...(await lines(db, columnTexts, table)), ...(await lines(db, constraintTexts, table))];
  const indexes = await lines(db, indexTexts, table);
  const create = `CREATE TABLE ${table} (\n${members.map((member) => `  ${member}`).join(',\n')}\n);`;
  return [create, ...indexes.map((index) => `${index};`)].join('\n');
}

/** Text of PostgreSQL alone: it passes by whatever watches the trees of statements. */
async function lines(db: Db, text: string, ...parameters: string[]): Promise<string[]> {
  const result = await db.executeQuery<{ line: string }>(CompiledQuery.raw(text, parameters));
  return result.rows.map((row) => row.line);
}

const tableNames = `
  SELECT relname AS line FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C"`;

const columnTexts = `
  SELECT attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN collname = 'C' THEN ' COLLATE "C"' ELSE '' END
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS line
  FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Not the NOT NULLs, which PostgreSQL 18 keeps as constraints too. */
const constraintTexts = `
  SELECT 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) AS line
  FROM pg_constraint WHERE conrelid = $1::regclass AND contype <> 'n' ORDER BY contype, conname COLLATE "C"`;

const indexTexts = `
  SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
  WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
  ORDER BY relname COLLATE "C"`;

const viewTexts = `
  SELECT 'CREATE VIEW ' || relname || ' AS' || chr(10) || pg_get_viewdef(oid) AS line FROM pg_class
  WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C"`;
