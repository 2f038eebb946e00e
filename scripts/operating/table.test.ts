import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { type Column, tableLines } from './table.ts';

interface Row {
  readonly id: string;
  readonly what: string;
  readonly count: number | null;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'COUNT', text: ({ count }) => count, align: 'right', give: 'drop' },
  { title: 'WHAT', text: ({ what }) => what, give: 'cut' },
];
const lines = (rows: readonly Row[], width: number): string[] =>
  tableLines(columns, rows, { width, paint: (_style, text) => text });

it('W6 no line of a table is wider than the terminal, whatever the texts are', () => {
  // Narrow, wide, composed of several code points, combining, and what is escaped.
  const unit = fc.constantFrom(
    'a',
    ' ',
    '試',
    'é',
    'e\u0301',
    '👩‍👧',
    '🏴',
    '\u001b',
    '\ud800',
    '\u202e',
    '[31m',
  );
  const text = fc.string({ unit, maxLength: 60 });
  const row = fc.record({
    id: text,
    what: text,
    count: fc.option(fc.integer()),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 3 }), fc.integer({ min: 1, max: 80 }), (rows, width) => {
      for (const line of lines(rows, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }),
    { numRuns: 50 },
  );
});

it('W6 long texts lose their ends before columns go, and ids stay whole as long as they fit', () => {
  const rows = [{ id: 'tga-sync-2026-04-13T02-00-00Z', what: 'w'.repeat(100), count: 1200 }];
  expect(lines(rows, Infinity)[1]).toContain('w'.repeat(100));
  expect(lines(rows, 60)[1]).toBe(`tga-sync-2026-04-13T02-00-00Z  1,200  ${'w'.repeat(21)}…`);
  expect(lines(rows, 45)[1]).toBe(`tga-sync-2026-04-13T02-00-00Z  ${'w'.repeat(11)}…`);
  expect(lines(rows, 20)[1]?.startsWith('tga-')).toBe(true);
});

it('W6 S9 one row is one line: foreign text cannot make another, and wide characters keep columns straight', () => {
  const rows = [
    { id: '試験', what: 'a\nb\u202ec', count: null },
    { id: 'plain', what: '', count: -1 },
  ];
  expect(lines(rows, Infinity)).toEqual([
    'ID     COUNT  WHAT',
    '試験       –  a\\u{a}b\\u{202e}c',
    'plain     -1',
  ]);
});
