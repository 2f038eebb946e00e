import { describe, expect, it } from 'vitest';
import type { ArchivedFile } from './archived.ts';
import { findDifferences } from './differences.ts';

const [one, two] = ['1'.repeat(64), '2'.repeat(64)] as [string, string];
const none = { missing: [], different: [], notWhole: [], misrecorded: [], duplicates: [] };

function archived(path: string, sha256: string, changes: Partial<ArchivedFile> = {}): ArchivedFile {
  return { path, sourcePath: path, whole: true, sha256, recordedSha256: sha256, ...changes };
}

function expected(path: string, sha256: string, alternatives: { path: string; sha256: string }[] = []) {
  return { path, sha256, alternatives };
}

describe('findDifferences', () => {
  it('F5 finds nothing where every file is whole with its bytes, under its name or beside it', () => {
    const beside = archived('b~5-22222222.geo', two, { sourcePath: 'b.geo' });
    const files = [archived('A.geo', one), archived('b.geo', one), beside];
    expect(findDifferences([expected('a.geo', one), expected('b.geo', two)], files)).toEqual(none);
  });

  it('F5 names what is missing, different, not whole, misrecorded or there twice', () => {
    const files = [
      archived('different.geo', two),
      archived('half.geo', one, { whole: false }),
      archived('lying.geo', one, { recordedSha256: two }),
      archived('twice.geo', one),
      archived('twice~5-11111111.geo', one, { sourcePath: 'twice.geo' }),
    ];
    const wanted = ['missing.geo', 'different.geo', 'half.geo', 'lying.geo', 'twice.geo'].map((path) =>
      expected(path, one),
    );
    expect(findDifferences(wanted, files)).toEqual({
      missing: ['missing.geo'],
      different: ['different.geo'],
      notWhole: ['half.geo'],
      misrecorded: ['lying.geo'],
      duplicates: ['twice.geo = twice~5-11111111.geo'],
    });
  });

  it('F15 is content with one of two names that differ only in case', () => {
    const twins = [expected('a.geo', one, [{ path: 'A.geo', sha256: two }])];
    expect(findDifferences(twins, [archived('A.geo', two)])).toEqual(none);
    expect(findDifferences(twins, []).missing).toEqual(['a.geo']);
  });
});
