import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from './quoted.ts';

describe('quoted', () => {
  it('S9 leaves nothing that a terminal would act on', () => {
    const text = 'a\nmissing: "b"\u001b[2J\u009b2J\u202egpj.exe\u2028\u{e0041}';
    expect(quoted(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(quoted('Zoë 日本.geo')).toBe('"Zoë 日本.geo"');
  });

  it('S9 loses nothing of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(quoted(text))).toBe(text);
      }),
    );
  });
});
