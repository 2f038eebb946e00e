import { describe, expect, it } from 'vitest';
import type { ColumnType } from './column-type.ts';
import { rowsToJson } from './row-json.ts';

const asItIs = { text: (_column: string, value: string) => value, bool: (value: boolean) => value };
const send = (type: ColumnType, value: unknown) => rowsToJson({ c: type }, [{ c: value }], asItIs);

describe('B54 rows as one parameter', () => {
  it.each<[ColumnType, unknown]>([
    ['int', 1.5],
    ['int', Number.NaN],
    ['bigint', 2 ** 53],
    ['float', Number.POSITIVE_INFINITY],
    ['bool', 1],
    ['instant', '2026-01-01'],
    ['instant', new Date(Number.NaN)],
    ['key', Buffer.alloc(31)],
    ['key', 'ab'],
    ['id', 'x'.repeat(401)],
    ['text', null],
    ['text', 5],
    ['json', { a: 1 }],
  ])('B54 refuses as %s what is none, by the column’s name', (type, value) => {
    expect(() => send(type, value)).toThrow(/^Cannot send column c to the database: .* wanted /);
  });

  it('B54 shows no content of a text it refuses', () => {
    expect(() => send('int', 'secret')).toThrow('got a text of 6 characters, wanted int');
  });

  it('B24 sends what no database can hold as U+FFFD', () => {
    expect(send('text', 'a\ud800b\0c😀')).toBe('[{"c":"a\ufffdb\ufffdc😀"}]');
  });

  it('B14 sends instants in one form, with an offset', () => {
    expect(send('instant', new Date(1))).toBe('[{"c":"1970-01-01T00:00:00.001+00:00"}]');
  });
});
