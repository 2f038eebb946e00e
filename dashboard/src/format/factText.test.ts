import { describe, expect, it } from 'vitest';
import { factText } from './factText.ts';

describe('factText()', () => {
  it.each([
    ['files', 12345, '12,345'],
    ['bytes', 3_355_443, '3.2 MB'],
    ['sizeBytes', 0, '0 B'],
    ['tookMs', 90_000, '1 min 30 s'],
    ['needSeconds', 720, '12 min'],
    ['hoursLeft', 1.23456, '1.23'],
    ['items', 3, '3'],
    ['dryRun', true, 'yes'],
    ['path', 'a/b.dat', 'a/b.dat'],
    ['nothing', null, '–'],
  ])('L5 says %s of %s as %s', (name, value, text) => expect(factText(name, value)).toBe(text));

  it('L5 leaves what is deeper to be shown as it is', () => {
    expect(factText('list', [1])).toBeUndefined();
    expect(factText('object', {})).toBeUndefined();
  });
});
