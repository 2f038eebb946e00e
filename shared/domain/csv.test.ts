import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvFault, csvRecords, parseCsv } from './csv.ts';

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('parseCsv', () => {
  it('W7 O9 reads quoted fields with commas, quotes and line breaks, after a byte order mark', () => {
    const text = '\uFEFFa,b\r\n"1, one","say ""hi"""\r\n"two\r\nlines",\r\n';
    expect(parseCsv(text)).toEqual([
      ['a', 'b'],
      ['1, one', 'say "hi"'],
      ['two\r\nlines', ''],
    ]);
  });

  it.each([
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a\n\n\r\nb\n', [['a'], ['b']]],
    ['a,', [['a', '']]],
    ['""', []],
    ['', []],
  ])('W7 O9 reads %j', (text, rows) => {
    expect(parseCsv(text)).toEqual(rows);
  });

  it('W7 O9 gives back whatever was written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'ü') });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\r\n', '\n'), (wanted, lineEnd) => {
        expect(parseCsv(wanted.map((row) => row.map(quoted).join(',')).join(lineEnd))).toEqual(wanted);
      }),
    );
  });

  it.each(['a,"b', '"a"b,c', '"a" ,b'])('W4 refuses %j', (text) => {
    expect(() => parseCsv(text)).toThrow(CsvFault);
  });
});

describe('csvRecords', () => {
  it('O9 goes by the names of the header, whatever their order', () => {
    expect(csvRecords('b, a ,c\n1,2,3', ['a', 'b'])).toEqual([{ a: '2', b: '1' }]);
  });

  it('W4 B30 refuses a header without a wanted name, and rows that are cut', () => {
    expect(() => csvRecords('<html>sorry</html>', ['a'])).toThrow('lacks a; it reads: <html>');
    expect(() => csvRecords('', ['a'])).toThrow(CsvFault);
    expect(() => csvRecords('a,b\n1,2\n3', ['a'])).toThrow('Row 3 has 1 fields; wanted 2');
  });
});
