import mssql from 'mssql';
import { describe, expect, it } from 'vitest';
import { parameterType } from './parameter.ts';
import { rowsOf } from './rows.ts';

describe('A7 values on SQL Server', () => {
  it.each<[string, unknown, unknown]>([
    ['a short text', 'x'.repeat(4_000), mssql.NVarChar(4_000)],
    ['a long text', 'x'.repeat(4_001), mssql.NVarChar(mssql.MAX)],
    ['null', null, mssql.NVarChar(4_000)],
    ['a boolean', false, mssql.Bit()],
    ['a small number', -(2 ** 31) + 1, mssql.Int()],
    ['a size', 2 ** 31, mssql.BigInt()],
    ['the largest size', Number.MAX_SAFE_INTEGER, mssql.BigInt()],
    ['a fraction', 0.5, mssql.Float()],
    ['a time', new Date(0), mssql.DateTimeOffset(3)],
    ['a key', Buffer.alloc(32), mssql.VarBinary(8_000)],
    ['many bytes', Buffer.alloc(8_001), mssql.VarBinary(mssql.MAX)],
  ])('A7 sends %s as its type', (_what, value, type) => {
    expect(parameterType(value)).toEqual(type);
  });

  it('A7 refuses what is no value of a column', () => {
    expect(() => parameterType({ a: 1 })).toThrow('Cannot send object as a parameter');
    expect(() => parameterType([1])).toThrow('Cannot send an array as a parameter');
  });

  it('A7 reads bigint as a number and JSON columns as values', () => {
    const rows = [
      { size: '9007199254740991', note_json: '{"a":[1]}', text: '5' },
      { size: null, note_json: null, text: null },
    ];
    const columns = {
      size: { type: mssql.BigInt },
      note_json: { type: mssql.NVarChar },
      text: { type: mssql.NVarChar },
    };
    const recordset = Object.assign(rows, { columns }) as unknown as mssql.IRecordSet<
      Record<string, unknown>
    >;
    expect(rowsOf(recordset)).toEqual([
      { size: Number.MAX_SAFE_INTEGER, note_json: { a: [1] }, text: '5' },
      { size: null, note_json: null, text: null },
    ]);
    expect(rowsOf(undefined)).toEqual([]);
  });
});
