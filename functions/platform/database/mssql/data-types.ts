import { notInTSql } from './not-in-t-sql.ts';

const names: Readonly<Record<string, string>> = {
  text: 'nvarchar(max)',
  varchar: 'nvarchar(max)',
  integer: 'int',
  int4: 'int',
  bigint: 'bigint',
  int8: 'bigint',
  boolean: 'bit',
  real: 'real',
  'double precision': 'float',
  float8: 'float',
  timestamptz: 'datetimeoffset(3)',
  'timestamptz(3)': 'datetimeoffset(3)',
  bytea: 'varbinary(max)',
  jsonb: 'nvarchar(max)',
  date: 'date',
};

/** The T-SQL name of a type that a query casts to. */
export function dataTypeOf(postgres: string): string {
  const name = names[postgres];
  if (name !== undefined) return name;
  if (/^(numeric|decimal)(\(\d+, ?\d+\))?$/.test(postgres)) return postgres;
  throw notInTSql(`the type ${postgres}`, Object.keys(names).join(', '));
}
