import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAtOf } from './dueAt.ts';

const everyFiveMinutes = '0 */5 * * * *';
const at = (text: string) => new Date(`2026-04-13T${text}Z`);

describe('dueAtOf', () => {
  it.each([
    ['on the dot', '02:05:00.000', '02:05:00.000'],
    ['a little early', '02:04:59.100', '02:05:00.000'],
    ['a little late', '02:05:03.000', '02:05:00.000'],
    ['very late', '02:09:40.000', '02:05:00.000'],
  ])('S14 a tick that comes %s is for its own occurrence', (_, now, due) => {
    expect(dueAtOf(everyFiveMinutes, at(now))).toEqual(at(due));
  });

  it('B1 two instances within two seconds of one occurrence name the same one', () => {
    const skewMs = fc.integer({ min: -1999, max: 1999 });
    fc.assert(
      fc.property(skewMs, skewMs, (a, b) => {
        const around = (ms: number) => dueAtOf(everyFiveMinutes, new Date(at('02:05:00.000').getTime() + ms));
        expect(around(a)).toEqual(around(b));
      }),
    );
  });

  it('B4 counts in UTC: no hour is skipped or repeated in March and October', () => {
    expect(dueAtOf('0 30 2 * * *', new Date('2026-03-29T02:30:01Z'))).toEqual(
      new Date('2026-03-29T02:30:00Z'),
    );
    expect(dueAtOf('0 30 2 * * *', new Date('2026-10-25T02:30:01Z'))).toEqual(
      new Date('2026-10-25T02:30:00Z'),
    );
  });

  it('B43 a schedule that cannot be read is an error, not a silent timer', () => {
    expect(() => dueAtOf('*/5 * * * *', at('02:00:00.000'))).toThrow();
    expect(() => dueAtOf('0 0 0 31 2 *', at('02:00:00.000'))).toThrow();
  });
});
