import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayAgo, sayDuration, sayExactly, sayLeft } from './time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('sayDuration', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [12 * SECOND, '12 s'],
    [3 * MINUTE + 5 * SECOND, '3 min 5 s'],
    [59 * MINUTE + 59 * SECOND, '59 min'],
    [2 * HOUR, '2 h'],
    [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
    [31 * HOUR, '1 d 7 h'],
  ])('L5 says %i ms as %s', (spanMs, words) => expect(sayDuration(spanMs)).toBe(words));

  it('L5 B15 never says a negative span, whatever the clocks', () => {
    fc.assert(fc.property(fc.integer(), (spanMs) => !sayDuration(spanMs).includes('-')));
  });
});

describe('sayAgo', () => {
  const now = Date.parse('2026-04-13T02:00:00.000Z');

  it.each([
    [0, 'just now'],
    [40 * SECOND, '40 s ago'],
    [90 * SECOND, '1 min ago'],
    [5 * HOUR, '5 h ago'],
    [47 * HOUR, '47 h ago'],
    [12 * 24 * HOUR, '12 d ago'],
    [-3 * MINUTE, 'in 3 min'],
  ])('L5 says an age of %i ms as %s', (ageMs, words) => expect(sayAgo(now - ageMs, now)).toBe(words));
});

describe('sayLeft', () => {
  it.each([
    [12 * MINUTE, '12 min'],
    [90 * MINUTE, '1 h 30 min'],
    [31 * HOUR, '31 h'],
    [99 * HOUR, '4 d'],
  ])('L5 F14 says that %i ms are left as %s', (spanMs, words) => expect(sayLeft(spanMs)).toBe(words));
});

describe('sayExactly', () => {
  it('L5 gives the same instant on the local and on the UTC clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const [local = '', utc = ''] = sayExactly(seconds * SECOND).split(' · ');
        const [day = '', clock = '', zone = ''] = local.split(' ');
        const offset = zone.replace(/[()]|UTC/g, '').replace('−', '-');
        expect(Date.parse(`${day}T${clock}${offset}`)).toBe(seconds * SECOND);
        expect(Date.parse(utc.replace(' UTC', 'Z').replace(' ', 'T'))).toBe(seconds * SECOND);
      }),
    );
  });
});
