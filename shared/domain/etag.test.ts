import { describe, expect, it } from 'vitest';
import { isSameEtag } from './etag.ts';

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
