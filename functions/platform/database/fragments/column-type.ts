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

/** Columns by name, in the order they are written. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** A row with exactly the columns that were declared. */
export type RowOf<C extends ColumnTypes> = { [Name in keyof C]: ColumnValue<C[Name]> };

/** Rows whose columns are not known to the compiler. */
export type AnyRows = ReadonlyArray<Readonly<Record<string, unknown>>>;

/** `id` columns are index keys: SQL Server ends those at 1,700 bytes. */
export const idMaxLength = 400;

export const keyBytes = 32;

export function baseType(type: ColumnType): ColumnTypeName {
  return (type.endsWith('?') ? type.slice(0, -1) : type) as ColumnTypeName;
}
