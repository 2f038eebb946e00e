import mssql from 'mssql';

type SqlType = Parameters<mssql.Request['input']>[1] & {};

const int32Max = 2_147_483_647;
/** The longest nvarchar that is not `max`: one declaration for most texts keeps one plan a statement. */
const shortText = 4_000;
const shortBinary = 8_000;

/** The T-SQL type that a value of a statement is sent as; the server converts it to the column's. */
export function parameterType(value: unknown): SqlType {
  if (value === null || value === undefined) return mssql.NVarChar(shortText);
  switch (typeof value) {
    case 'string':
      return mssql.NVarChar(value.length > shortText ? mssql.MAX : shortText);
    case 'boolean':
      return mssql.Bit();
    case 'bigint':
      return mssql.BigInt();
    case 'number':
      return numberType(value);
    default:
      return objectType(value);
  }
}

function numberType(value: number): SqlType {
  if (!Number.isSafeInteger(value)) return mssql.Float();
  return Math.abs(value) <= int32Max ? mssql.Int() : mssql.BigInt();
}

function objectType(value: unknown): SqlType {
  if (value instanceof Date) return mssql.DateTimeOffset(3);
  if (value instanceof Uint8Array)
    return mssql.VarBinary(value.length > shortBinary ? mssql.MAX : shortBinary);
  const kind = Array.isArray(value) ? 'an array' : typeof value;
  throw new TypeError(
    `Cannot send ${kind} as a parameter: wanted text, number, boolean, Date, Buffer or null (JSON by json())`,
  );
}
