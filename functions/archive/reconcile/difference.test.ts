import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedName } from '../../../shared/domain/archivedName.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import type { ShareEntry } from '../../platform/storage/shares.ts';
import { difference, type IndexedFile, listedFile, type ListedFile } from './difference.ts';

const mtimeMs = 1_769_000_000_123;
const hash = 'a1b2c3d4'.repeat(8);

function entry(name: string, more: Partial<ShareEntry> = {}): ShareEntry {
  return {
    kind: 'file',
    name,
    path: name,
    sizeBytes: 10,
    attributes: 'ReadOnly | Archive',
    lastWriteAt: new Date(mtimeMs),
    lastModifiedAt: new Date('2026-11-22T12:00:00Z'),
    etag: '"0x1"',
    ...more,
  };
}

function listed(path: string, more: Partial<ShareEntry> = {}): ListedFile {
  const file = listedFile(entry(path, more), path);
  if (file === undefined) throw new Error(`${path} is not whole`);
  return file;
}

const rowOf = (file: ListedFile): IndexedFile => ({
  pathKey: file.pathKey,
  sizeBytes: file.sizeBytes,
  mtimeMs: file.mtimeMs,
  etag: file.etag,
});
const paths = (files: readonly ListedFile[]) => files.map((file) => file.path);

describe('listedFile', () => {
  it.each([
    ['half-written', { attributes: 'Temporary' }],
    ['half-written by a writer that never marks', { attributes: 'Archive' }],
    ['read-only and still temporary', { attributes: 'ReadOnly | Temporary' }],
    ['without a source time', { lastWriteAt: undefined }],
    ['without a share time', { lastModifiedAt: undefined }],
  ])('F9 B18 does not take a file that is %s', (_, more) => {
    expect(listedFile(entry('a.dat', more), 'a.dat')).toBeUndefined();
  });

  it('F9 maps a changed file that was kept beside the first to its source', () => {
    const path = changedName('2026-11-22/a.dat', mtimeMs, hash);
    expect(listed(path)).toMatchObject({
      path,
      sourcePath: '2026-11-22/a.dat',
      sourceKey: pathKey('2026-11-22/a.dat'),
      folder: '2026-11-22',
    });
  });

  it('F9 leaves a name alone that only looks like a kept one: its time is another', () => {
    const path = changedName('a.dat', mtimeMs + 1, hash);
    expect(listed(path).sourcePath).toBe(path);
  });
});

describe('difference', () => {
  it('F9 tells new, replaced, refreshed, unchanged and missing files apart', () => {
    const same = listed('same');
    const found = difference(
      [same, listed('new'), listed('bigger', { sizeBytes: 11 }), listed('touched', { etag: '"0x2"' })],
      [same, listed('bigger'), listed('touched'), listed('gone')].map(rowOf),
    );
    expect(paths(found.added)).toEqual(['new']);
    expect(paths(found.replaced)).toEqual(['bigger']);
    expect(paths(found.refreshed)).toEqual(['touched']);
    expect(found.outdated.map((row) => row.pathKey)).toEqual([pathKey('bigger'), pathKey('touched')]);
    expect(found.unchanged).toBe(1);
    expect(found.missing.map((row) => row.pathKey)).toEqual([pathKey('gone')]);
  });

  it('F9 B26 knows a file by its name as Azure Files compares names', () => {
    expect(difference([listed('A.DAT')], [rowOf(listed('a.dat'))])).toMatchObject({
      unchanged: 1,
      missing: [],
    });
  });

  it('F9 an ETag in quotes and without is the same', () => {
    const quoted = { ...rowOf(listed('a')), etag: '0x1' };
    expect(difference([listed('a')], [quoted]).unchanged).toBe(1);
  });

  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
  const states = fc.record({ sizeBytes: fc.nat(2), etag: fc.constantFrom('"1"', '"2"') });
  const folders = names.chain((all) =>
    fc.tuple(...all.map((name) => states.map((state) => listed(name, state)))),
  );

  it('F9 what a difference says, taken into the index, makes it the listing, and then nothing differs', () => {
    fc.assert(
      fc.property(folders, folders, (share, before) => {
        const index = new Map(before.map((file) => [file.path, rowOf(file)]));
        const found = difference(share, before.map(rowOf));
        const gone = new Set([...found.missing, ...found.outdated].map((row) => row.pathKey.toString('hex')));
        for (const [name, row] of index) if (gone.has(row.pathKey.toString('hex'))) index.delete(name);
        for (const file of [...found.added, ...found.replaced, ...found.refreshed]) {
          expect(index.has(file.path)).toBe(false);
          index.set(file.path, rowOf(file));
        }
        expect([...index.keys()].toSorted()).toEqual(paths(share).toSorted());
        const again = difference(share, [...index.values()]);
        expect(again).toEqual({
          added: [],
          replaced: [],
          refreshed: [],
          outdated: [],
          unchanged: share.length,
          missing: [],
        });
      }),
    );
  });

  it('F9 every listed file is in exactly one group, also when two pages show it twice', () => {
    fc.assert(
      fc.property(folders, folders, (share, before) => {
        const { added, replaced, refreshed, unchanged } = difference([...share, ...share], before.map(rowOf));
        expect(added.length + replaced.length + refreshed.length + unchanged).toBe(share.length);
      }),
    );
  });
});
