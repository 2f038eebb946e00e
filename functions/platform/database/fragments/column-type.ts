import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** How a JSON row's member is read as a column; the same words on both databases. */
export type ColumnTypeName = 'text' | 'id' | 'int' | 'bigint' | 'float' | 'bool' | 'instant' | 'key' | 'json';

/** A type name, with a question mark where the column may be null. */
export type ColumnType = ColumnTypeName | `${ColumnTypeName}?`;

/** The TypeScript type of each: a key is 32 bytes, an instant a Date, json the text that `json()` made. */
interface ValueOf {
  text: string;
  id: string;
  int: number;
  bigint: number;
  float: number;
  bool: boolean;
  instant: Date;
  key: Buffer;
  json: string;
}

export type ColumnValue<T extends ColumnType> = T extends ColumnTypeName
  ? ValueOf[T]
  : T extends `${infer Name extends ColumnTypeName}?`
    ? ValueOf[Name] | null
    : never;

/** `id` columns are index keys: SQL Server ends those at 1,700 bytes. */
export const idMaxLength = 400;

export function baseType(type: ColumnType): ColumnTypeName {
  return (type.endsWith('?') ? type.slice(0, -1) : type) as ColumnTypeName;
}

/** How each type is written in the column list of jsonb_to_recordset and of OPENJSON … WITH, and what then makes it the type. */
export interface ColumnForm {
  readonly postgres: string;
  readonly mssql: string;
  readonly fromPostgres: (column: string) => RawBuilder<unknown>;
  readonly fromMssql: (column: string) => RawBuilder<unknown>;
}

const plain = (column: string): RawBuilder<unknown> => sql`${sql.ref(column)}`;
/** Text of OPENJSON has the database's collation; every text column of ours is binary, and the two cannot be compared. */
const binaryText = (column: string): RawBuilder<unknown> =>
  sql`${sql.ref(column)} collate Latin1_General_BIN2`;

const asItIs = { fromPostgres: plain, fromMssql: plain };

export const columnForms: Readonly<Record<ColumnTypeName, ColumnForm>> = {
  text: { postgres: 'text', mssql: 'nvarchar(max)', fromPostgres: plain, fromMssql: binaryText },
  id: {
    postgres: 'text',
    mssql: `nvarchar(${String(idMaxLength)})`,
    fromPostgres: plain,
    fromMssql: binaryText,
  },
  int: { postgres: 'integer', mssql: 'int', ...asItIs },
  bigint: { postgres: 'bigint', mssql: 'bigint', ...asItIs },
  float: { postgres: 'double precision', mssql: 'float', ...asItIs },
  bool: { postgres: 'boolean', mssql: 'bit', ...asItIs },
  instant: { postgres: 'timestamptz', mssql: 'datetimeoffset(3)', ...asItIs },
  key: {
    postgres: 'text',
    mssql: 'nvarchar(64)',
    fromPostgres: (column) => sql`decode(${sql.ref(column)}, 'hex')`,
    fromMssql: (column) => sql`convert(varbinary(32), ${sql.ref(column)}, 2)`,
  },
  // As text inside the row: AS JSON of OPENJSON loses JSON values that are not objects or arrays.
  json: {
    postgres: 'text',
    mssql: 'nvarchar(max)',
    fromPostgres: (column) => sql`${sql.ref(column)}::jsonb`,
    fromMssql: binaryText,
  },
};
