import type { Migration } from '../../functions/platform/database/migrating/migration-files.ts';

export interface ColumnText {
  /** As written, without nullability: `nvarchar(100) COLLATE …`. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface TablesOfMigrations {
  /** Table → column → what was written. */
  readonly columns: Map<string, Map<string, ColumnText>>;
  /** Every list of columns that is a key or an index: table, columns, and whether it is clustered (a primary key). */
  readonly keys: { table: string; columns: string[]; clustered: boolean }[];
}

/** What the forward files of one dialect make, read from their text; understands what docs/database.md lets them say. */
export function tablesOf(migrations: readonly Migration[]): TablesOfMigrations {
  const columns = new Map<string, Map<string, ColumnText>>();
  const keys: TablesOfMigrations['keys'] = [];
  const text = migrations.map((migration) => migration.forward.replace(/--.*$/gm, '')).join('\n');
  for (const [, table = '', body = ''] of text.matchAll(/CREATE TABLE (\w+) \(\n(.*?)\n\)/gs)) {
    const members = body.split('\n').map((line) => line.trim().replace(/,$/, ''));
    columns.set(table, new Map());
    for (const member of members.filter((line) => line !== '')) readMember(table, member, columns, keys);
  }
  for (const [, table = '', column = ''] of text.matchAll(
    /ALTER TABLE (\w+) ADD (?:COLUMN )?(.*?)(?:;|\n|$)/g,
  )) {
    if (!column.startsWith('CONSTRAINT')) readMember(table, column, columns, keys);
  }
  for (const [, table = '', column = ''] of text.matchAll(/ALTER TABLE (\w+) DROP COLUMN (\w+)/g)) {
    columns.get(table)?.delete(column);
  }
  for (const [, table = '', list = ''] of text.matchAll(/CREATE INDEX \w+ ON (\w+) \(([^)]*)\)/g)) {
    keys.push({ table, columns: names(list), clustered: false });
  }
  return { columns, keys };
}

function readMember(
  table: string,
  text: string,
  columns: TablesOfMigrations['columns'],
  keys: TablesOfMigrations['keys'],
): void {
  const key = /(?:^|CONSTRAINT \w+ )(PRIMARY KEY|UNIQUE) \(([^)]*)\)/.exec(text);
  if (key) keys.push({ table, columns: names(key[2] ?? ''), clustered: key[1] === 'PRIMARY KEY' });
  if (key || /^(CONSTRAINT|CHECK|FOREIGN)/.test(text)) return;
  const [, name = '', type = ''] = /^(\w+)\s+(.*)$/.exec(text) ?? [];
  const own = /PRIMARY KEY|UNIQUE/.exec(type);
  if (own) keys.push({ table, columns: [name], clustered: own[0] === 'PRIMARY KEY' });
  const nullable = !/NOT NULL|PRIMARY KEY/.test(type);
  columns.get(table)?.set(name, { type: type.replace(/ (NOT )?NULL\b.*/, ''), nullable });
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
