import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentFault, shareNameFault } from './names.ts';

describe('shareNameFault', () => {
  it('F15 B24 refuses every reserved character, device and control', () => {
    for (const character of [
      '"',
      '\\',
      ':',
      '|',
      '<',
      '>',
      '*',
      '?',
      '\0',
      '\u001f',
      '\u007f',
      '\u009f',
      '\ufffe',
    ])
      expect(componentFault(`a${character}b`), JSON.stringify(character)).toMatch(/reserved/);
    for (const name of ['CON', 'prn', 'Aux', 'NUL', 'CLOCK$', 'com1', 'LPT9', 'con.txt', 'nul.tar.gz'])
      expect(componentFault(name), name).toMatch(/reserved/);
    expect(componentFault('\ud800.geo')).toMatch(/Unicode/);
  });

  it('F15 B25 refuses a trailing dot or space in any component', () => {
    for (const path of ['a.', 'a ', 'd./a', 'd /a', 'd/..', '.'])
      expect(shareNameFault(path), path).toBeDefined();
  });

  it('F15 B27 takes 255 characters a component, 2,048 a path and 250 components, and no more', () => {
    expect(shareNameFault('n'.repeat(255))).toBeUndefined();
    expect(shareNameFault('n'.repeat(256))).toMatch(/256 characters/);
    const path = `${'d'.repeat(254)}/`.repeat(8);
    expect(shareNameFault(`${path}12345678`)).toBeUndefined();
    expect(shareNameFault(`${path}123456789`)).toMatch(/2049 characters/);
    expect(shareNameFault(Array(250).fill('d').join('/'))).toBeUndefined();
    expect(shareNameFault(Array(251).fill('d').join('/'))).toMatch(/251 components/);
  });

  it('F15 takes what only looks odd', () => {
    for (const name of ['..a', '.hidden', 'com10', 'CONSOLE', 'R%26D', 'a~1', 'é', '🧪', 'a b', 'lpt'])
      expect(shareNameFault(name), name).toBeUndefined();
  });

  it('F15 never throws, and says the same of a name whatever stands beside it', () => {
    // Code units, so that halves of surrogate pairs are among them.
    const names = fc
      .array(fc.nat(0xffff), { maxLength: 40 })
      .map((units) => String.fromCharCode(...units).replaceAll('/', '-'));
    fc.assert(
      fc.property(names, (name) => {
        expect(shareNameFault(`d/${name}`) === undefined).toBe(componentFault(name) === undefined);
      }),
    );
  });
});
