import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileResult } from '../../shared/contract/agents.ts';
import { resultOf, unarchived } from '../../test/support/archiveServices.ts';
import { archivedFiles, uniqueResults } from './results.ts';

const minute = (count: number) => new Date(Date.UTC(2026, 10, 22, 12, count)).toISOString();
/** Two files, each with outcomes that differ in what decides between them. */
const anyResults = fc.uniqueArray(
  fc.oneof(
    fc
      .record({ path: fc.constantFrom('a', 'b'), turn: fc.nat({ max: 9 }) })
      .map(({ path, turn }) =>
        resultOf(path, { mtimeMs: turn, shareModifiedAt: minute(turn), attempts: 20 + turn }),
      ),
    fc
      .record({ path: fc.constantFrom('a', 'b'), turn: fc.nat({ max: 9 }) })
      .map(({ path, turn }) =>
        unarchived(path, turn % 2 === 0 ? 'locked' : 'unreadable', { attempts: turn }),
      ),
    fc
      .record({ path: fc.constantFrom('a', 'b'), turn: fc.nat({ max: 9 }) })
      .map(({ path, turn }) => unarchived(path, 'vanished', { mtimeMs: turn, attempts: 40 + turn })),
  ),
  { selector: (result) => `${result.path} ${String(result.attempts)}`, maxLength: 12 },
);
const byPath = (results: readonly FileResult[]) => results.toSorted((x, y) => (x.path < y.path ? -1 : 1));

describe('uniqueResults', () => {
  it('F6 B32 says the same in whatever order the results come', () => {
    const cases = anyResults.chain((results) =>
      fc.tuple(fc.constant(results), fc.shuffledSubarray(results, { minLength: results.length })),
    );
    fc.assert(
      fc.property(cases, ([results, shuffled]) => {
        expect(byPath(uniqueResults(shuffled))).toEqual(byPath(uniqueResults(results)));
        expect(archivedFiles(shuffled)).toHaveLength(archivedFiles(results).length);
      }),
    );
  });

  it('F4 F14 keeps that a file was archived, or that a later state of it was lost, whatever else is said of it', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        const latest = (path: string, outcome: string) =>
          Math.max(
            ...results
              .filter((each) => each.path === path && each.outcome === outcome)
              .map(({ mtimeMs }) => mtimeMs ?? 0),
          );
        for (const { path, outcome } of uniqueResults(results)) {
          const [archivedMs, lostMs] = [latest(path, 'archived'), latest(path, 'vanished')];
          expect(outcome === 'archived').toBe(archivedMs > -Infinity && archivedMs >= lostMs);
          expect(outcome === 'vanished').toBe(lostMs > archivedMs);
        }
      }),
    );
  });

  it('F15 B26 knows files whose names differ only in case for one, unless one lost its name to the other', () => {
    expect(uniqueResults([resultOf('d/A'), resultOf('d/a')])).toHaveLength(1);
    expect(uniqueResults([resultOf('d/A'), unarchived('d/a', 'name_case_conflict')])).toHaveLength(2);
  });
});

describe('archivedFiles', () => {
  it('F6 takes for each place on the share the file that the share changed last', () => {
    const files = [3, 5, 4].map((turn) =>
      resultOf('a', { shareModifiedAt: minute(turn), etag: String(turn) }),
    );
    expect(archivedFiles(files)).toMatchObject([{ etag: '5', path: 'a', folder: '' }]);
  });

  it('F6 of one second, takes the one with the last ETag', () => {
    const files = ['"0x8DC3"', '"0x8DC5"', '0x8DC4'].map((etag) =>
      resultOf('a', { shareModifiedAt: minute(0), etag }),
    );
    expect(archivedFiles(files)).toMatchObject([{ etag: '"0x8DC5"' }]);
  });
});
