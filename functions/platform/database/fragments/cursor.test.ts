import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadCursorError, decodeCursor, encodeCursor } from './cursor.ts';
import type { CursorColumn } from './cursor.ts';

const order: CursorColumn[] = [
  { name: 'started_at', type: 'instant', descending: true },
  { name: 'id', type: 'text', descending: true },
];

describe('A7 page cursors', () => {
  it('A7 brings every value back', () => {
    const columns: CursorColumn[] = [
      ...order,
      { name: 'key', type: 'key', descending: false },
      { name: 'size', type: 'bigint', descending: false },
    ];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }),
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.maxSafeInteger(),
        (at, id, key, size) => {
          const row = { started_at: at, id, key: Buffer.from(key), size };
          expect(decodeCursor(columns, encodeCursor(columns, row))).toEqual([at, id, Buffer.from(key), size]);
        },
      ),
    );
  });

  it('A7 refuses whatever it did not give out', () => {
    const good = encodeCursor(order, { started_at: new Date(5), id: 'x' });
    const otherWay = order.map((column) => ({ ...column, descending: false }));
    const values = JSON.parse(Buffer.from(good, 'base64url').toString()) as [string, unknown[]];
    const forged = (list: unknown) => Buffer.from(JSON.stringify([values[0], list])).toString('base64url');
    for (const [columns, cursor] of [
      [otherWay, good],
      [order, ''],
      [order, 'a'.repeat(500)],
      [order, forged(['x', 'y'])],
      [order, forged([5])],
      [order, forged([1e300, 'x'])],
      [order, forged([5, 'a\0b'])],
      [order, forged({})],
    ] as const) {
      expect(() => decodeCursor(columns, cursor)).toThrow(BadCursorError);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text !== good);
        expect(() => decodeCursor(order, text)).toThrow(BadCursorError);
      }),
    );
  });

  it('A7 does not make a cursor of a null', () => {
    expect(() => encodeCursor(order, { started_at: null, id: 'x' })).toThrow(/column started_at/);
  });
});
