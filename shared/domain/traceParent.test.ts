import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTraceParent, traceIdOf, traceParentText } from './traceParent.ts';

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''))
    .filter((text) => /[1-9a-f]/.test(text));

describe('traceParent', () => {
  it('D5 what one process writes the next reads', () => {
    fc.assert(
      fc.property(hex(32), hex(16), (traceId, spanId) => {
        expect(parseTraceParent(traceParentText({ traceId, spanId }))).toEqual({ traceId, spanId });
      }),
    );
  });

  it.each([
    null,
    '',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nx: y',
  ])('D5 takes no operation from %j', (header) => {
    expect(parseTraceParent(header)).toBeUndefined();
  });

  it('D5 a correlation id names its operation, if it is a UUID', () => {
    expect(traceIdOf('0197A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5b')).toBe('0197a1b2c3d47e5f8a9b0c1d2e3f4a5b');
    expect(traceIdOf('00000000-0000-0000-0000-000000000000')).toBeUndefined();
    expect(traceIdOf('tga-sync-2026-04-13T02-00-00Z')).toBeUndefined();
  });
});
