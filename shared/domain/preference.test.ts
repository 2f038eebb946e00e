import { expect, it } from 'vitest';
import { minimalAnswer, prefersMinimal } from './preference.ts';

it.each([
  [minimalAnswer.prefer, true],
  ['respond-async, Return = "minimal"; foo=bar', true],
  ['return=representation', false],
  ['', false],
  [null, false],
])('P2 the header %j asks for a minimal answer: %s', (header, expected) => {
  expect(prefersMinimal(header)).toBe(expected);
});
