import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestFile } from '../../shared/contract/agents.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { foldPath, folderOf, pathKeyHex } from '../../shared/domain/paths.ts';
import { readManifest, refuseOtherDigest } from './manifest.ts';
import type { Problem } from '../platform/http/problem.ts';

const OTHER_DIGEST = 'a'.repeat(64);
const file = (path: string): ManifestFile => ({ path, sizeBytes: 1, mtimeMs: 1 });
const digestOf = (files: readonly ManifestFile[]) =>
  folderDigest(files.map((each) => ({ keyHex: pathKeyHex(each.path), sizeBytes: 1, mtimeMs: 1 })));

interface Sent {
  readonly folder: string;
  readonly digest: string | null;
  readonly files: ManifestFile[];
}

/** The rule, file by file: what is refused first, and where. */
function firstFault(folders: readonly Sent[]): string | undefined {
  const seen = new Set<string>();
  for (const [index, { folder, files }] of folders.entries()) {
    const pointer = `/body/folders/${String(index)}`;
    if (seen.has(`folder ${foldPath(folder)}`)) return `${pointer}/folder twice`;
    seen.add(`folder ${foldPath(folder)}`);
    for (const [place, { path }] of files.entries()) {
      if (foldPath(folderOf(path)) !== foldPath(folder))
        return `${pointer}/files/${String(place)}/path elsewhere`;
      if (seen.has(foldPath(path))) return `${pointer}/files/${String(place)}/path twice`;
      seen.add(foldPath(path));
    }
  }
  return undefined;
}

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const [fault] = (error as Problem).more.errors ?? [];
    const kinds: Array<[RegExp, string]> = [
      [/^is named twice/, 'twice'],
      [/^lies in another folder/, 'elsewhere'],
      [/^is not that of the listed files/, 'other'],
    ];
    return `${fault?.pointer ?? ''} ${kinds.find(([pattern]) => pattern.test(fault?.message ?? ''))?.[1] ?? '?'}`;
  }
}

const folder = fc.constantFrom('', 'd', 'D', 'd/e', 'ß');
const name = fc.constantFrom('a', 'A', 'b', 'B.geo', 'b.geo', '_', 'z', 'ß', 'ä', 'Ä', 'ﬁ', '~');
const below = (inside: string, each: string) => (inside === '' ? each : `${inside}/${each}`);

/** Mostly in order and in its folder, as agents list; sometimes not. */
const sentFolder = fc
  .record({
    inside: folder,
    names: fc.array(name, { maxLength: 6 }),
    isSorted: fc.boolean(),
    stray: fc.option(fc.tuple(folder, name), { freq: 4 }),
    digest: fc.constantFrom('right', 'right', 'other', 'none'),
  })
  .map(({ inside, names, isSorted, stray, digest }): Sent => {
    const listed = isSorted
      ? [...new Set(names)].toSorted((a, b) => (foldPath(a) < foldPath(b) ? -1 : 1))
      : names;
    const paths = [
      ...listed.map((each) => below(inside, each)),
      ...(stray === null ? [] : [below(...stray)]),
    ];
    const files = paths.map(file);
    const digests = { right: digestOf(files), other: OTHER_DIGEST, none: null };
    return { folder: inside, digest: digests[digest], files };
  });

describe('readManifest', () => {
  it('P2 F15 B26 refuses the same file at the same place, in whatever order a folder is listed', () => {
    fc.assert(
      fc.property(fc.array(sentFolder, { maxLength: 3 }), (folders) => {
        expect(refusalOf(() => readManifest(folders))).toBe(firstFault(folders));
      }),
      { numRuns: 3000 },
    );
  });

  it('P2 F4 takes a digest for that of the files listed with it, in whatever order, and for no other’s', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: foldPath }), fc.boolean(), (names, isOther) => {
        const files = names.map(file);
        const digest = isOther ? OTHER_DIGEST : digestOf(files.toReversed());
        const [, listed] = readManifest([
          { folder: 'd', digest: null },
          { folder: '', digest, files },
        ]);
        expect(refusalOf(() => refuseOtherDigest(listed!))).toBe(
          isOther ? '/body/folders/1/digest other' : undefined,
        );
      }),
    );
  });

  it('P2 F4 gives each file its key, of folders that were sent with files', () => {
    const files = [file('d/b.geo'), file('d/A.geo')];
    const [whole, bare] = readManifest([
      { folder: 'd', digest: digestOf(files), files },
      { folder: 'e', digest: OTHER_DIGEST },
    ]);
    expect(whole?.keysHex()).toEqual([pathKeyHex('d/b.geo'), pathKeyHex('d/a.geo')]);
    expect(bare).toMatchObject({ files: undefined, digest: OTHER_DIGEST });
  });
});
