import { expect, it } from 'vitest';
import { manifestFile } from '../../shared/contract/manifest.ts';
import { sourceTimeMs } from './sourceFile.ts';

it.each([316_516_204_800_000, 910_670_515_200_000, -62_135_596_900_000, 1_769_000_000_000.75, -1.5])(
  'F15 a file with the time %d can be named in a manifest and on a share, so that it holds up no other',
  (mtimeMs) => {
    const time = sourceTimeMs(mtimeMs);
    expect(manifestFile.safeParse({ path: 'a.geo', sizeBytes: 1, mtimeMs: time }).success).toBe(true);
    expect(new Date(time).toISOString()).toMatch(/^\d{4}-/);
  },
);

it('F5 whole milliseconds of an ordinary time stay what they are', () => {
  expect(sourceTimeMs(1_769_000_000_123.999)).toBe(1_769_000_000_123);
});
