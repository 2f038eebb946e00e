import { describe, expect, it } from 'vitest';
import { isNotOlder, isSameEtag } from './etag.ts';

describe('isSameEtag', () => {
  it.each([
    ['"0x8DC"', '"0x8DC"', true],
    ['"0x8DC"', '0x8DC', true],
    ['0x8DC', '"0x8DC"', true],
    ['"0x8DC"', '"0x8DD"', false],
    ['', '""', true],
    ['"', '"', true],
    ['"', '', false],
  ])('F9 says of %s and %s: %s', (one, other, same) => {
    expect(isSameEtag(one, other)).toBe(same);
  });
});

describe('isNotOlder', () => {
  const state = (second: number, etag: string) => ({ modifiedAt: new Date(second * 1000), etag });

  it.each([
    [state(2, '"0x8DC1"'), state(1, '"0x8DCF"'), true],
    [state(1, '"0x8DCF"'), state(2, '"0x8DC1"'), false],
    [state(1, '"0x8DCA"'), state(1, '"0x8DC9"'), true],
    [state(1, '"0x8DC9"'), state(1, '"0x8DCA"'), false],
    [state(1, '"0x8DC9"'), state(1, '0x8DCA'), false],
    [state(1, '"0x8DC9"'), state(1, '0x8DC9'), true],
  ])('F6 says of %o and %o: %s', (one, other, notOlder) => {
    expect(isNotOlder(one, other)).toBe(notOlder);
  });
});
