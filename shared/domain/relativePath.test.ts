import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_PATH_LENGTH, relativePathFault } from './relativePath.ts';

/** The rule in other words: a text of a bounded length that says nothing but names below the source. */
function isBelowSource(path: string): boolean {
  if (path.length > MAX_PATH_LENGTH || !path.isWellFormed() || /[\0\\]/.test(path)) return false;
  if (/^[a-z]:/i.test(path)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

it('F15 B24 P2 finds a fault in every path that leads out or says nothing, and in no other', () => {
  const unit = fc.constantFrom(
    'a',
    'Z',
    '7',
    '_',
    '-',
    ' ',
    '.',
    '.',
    '/',
    '/',
    '\\',
    ':',
    '\0',
    '\n',
    'ä',
    '\ud83d',
    '\ude00',
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 8 }), (units) => {
      const path = units.join('');
      expect([path, relativePathFault(path) === undefined]).toEqual([path, isBelowSource(path)]);
    }),
    { numRuns: 5000 },
  );
});

it('F15 B27 takes a path of 2,048 units, and none of one more', () => {
  expect(relativePathFault('a'.repeat(2048))).toBeUndefined();
  expect(relativePathFault('a'.repeat(2049))).toMatch(/at most 2048/);
});
