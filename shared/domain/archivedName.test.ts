import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedName, changedNamesIn, sourcePathOf } from './archivedName.ts';

const hash = 'ab'.repeat(32);

describe('changedName', () => {
  it('F5 keeps a changed source file beside the archived one, under its own name', () => {
    expect(changedName('2026-11-22/a.geo', 1_769_000_000_123, hash)).toBe(
      '2026-11-22/a~1769000000123-abababab.geo',
    );
    expect(changedName('.hidden', 5, hash)).toBe('.hidden~5-abababab');
  });

  it('F5 is read back to the source path, for any name short enough', () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9 ._~-]{1,200}$/)
      .filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(name, fc.integer({ min: -1e12, max: 1e13 }), (text, mtimeMs) => {
        expect(sourcePathOf(changedName(`d/${text}`, mtimeMs, hash), mtimeMs)).toBe(`d/${text}`);
      }),
    );
  });

  it('B27 never makes a component longer than Azure Files takes, nor cuts a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 100, maxLength: 260 }), (text) => {
        const made = changedName(text.replaceAll('/', ''), 1_769_000_000_123, hash);
        expect(made.length).toBeLessThanOrEqual(255);
        if (text.isWellFormed()) expect(made.isWellFormed()).toBe(true);
      }),
    );
  });

  it('F5 is found among the names of its folder without the content, and no other time’s or file’s is', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9 ._~-]{1,255}$/);
    const fold = (text: string) => text.toUpperCase();
    fc.assert(
      fc.property(name, fc.nat(), (text, mtimeMs) => {
        const others = [changedName(text, mtimeMs + 1, hash), changedName(`x${text}`, mtimeMs, hash), text];
        const names = [changedName(text, mtimeMs, hash), ...others].map(fold);
        // Of two names too long for it, the beginnings may be the same.
        const alike = names.slice(1).filter((other) => other === names[0]);
        expect(changedNamesIn(names, { name: text, mtimeMs }, fold)).toEqual([names[0], ...alike]);
      }),
    );
  });

  it('F9 takes a name that only looks changed for what it is', () => {
    expect(sourcePathOf('a~123-abababab.geo', 124)).toBe('a~123-abababab.geo');
  });
});
