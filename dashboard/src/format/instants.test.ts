import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from './instants.ts';

describe('partsOf()', () => {
  it('L5 finds instants among the words', () => {
    expect(partsOf('until 2026-11-23T23:19:40.471Z, then again')).toEqual([
      { text: 'until ' },
      { instant: '2026-11-23T23:19:40.471Z' },
      { text: ', then again' },
    ]);
    expect(partsOf('2026-11-23 is no instant')).toEqual([{ text: '2026-11-23 is no instant' }]);
  });

  it('L5 loses nothing of any text', () => {
    const text = fc
      .array(fc.oneof(fc.string(), fc.constant('2026-11-23T23:19:40Z')))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (whole) => {
        const together = partsOf(whole).map((part) => ('text' in part ? part.text : part.instant));
        expect(together.join('')).toBe(whole);
      }),
    );
  });
});
