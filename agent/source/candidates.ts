import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { componentFault, shareNameFault } from '../../shared/domain/names.ts';
import type { Outcome } from '../../shared/domain/outcomes.ts';
import { foldPath, pathKeyHex } from '../../shared/domain/paths.ts';
import { pathIn } from '../../shared/domain/relativePath.ts';
import type { Segment } from '../index/segment.ts';
import type { PathFilter } from './globs.ts';
import { fileAt, type ScannedFolder } from './scannedFolder.ts';
import type { SourceFile } from './sourceFile.ts';

/** A file that cannot be archived under its name, whatever is done. */
export interface ExcludedFile {
  readonly file: SourceFile;
  readonly outcome: Extract<Outcome, 'name_unsupported' | 'name_case_conflict' | 'name_not_unicode'>;
  readonly error: string;
}

/** A folder's files, told apart. */
export interface SortedFolder {
  readonly folder: string;
  readonly digest: string;
  readonly files: readonly SourceFile[];
  readonly excluded: readonly ExcludedFile[];
}

export interface SortingRules {
  /** Where the job lies on the share: counts towards the longest path. */
  readonly sharePath: string;
  readonly belongs: PathFilter;
  /** What the local index knows of a folder. */
  readonly knownIn: (folder: string) => Segment;
}

/**
 * Tells the files of a folder that can be archived from those whose names Azure Files cannot hold (SPEC F15). Several
 * folders are given where their names differ only in case: on the share they are one, and their files meet there.
 */
export function sortFolders(scanned: readonly ScannedFolder[], rules: SortingRules): SortedFolder[] {
  const sorted = new Map(
    scanned.map(({ folder, notUnicode }) => [
      folder,
      { files: [] as SourceFile[], excluded: notUnicode.map((name) => notUnicodeFile(folder, name)) },
    ]),
  );
  const folders = new Set(scanned.flatMap((each) => each.folders.map(foldPath)));
  const holders = new Map<string, SourceFile>();
  for (const file of filesInOrder(scanned, rules)) {
    const place = sorted.get(file.folder);
    const fault = nameFault(file, rules.sharePath);
    const folded = foldPath(file.name);
    const holder = holders.get(folded);
    if (fault !== undefined) place?.excluded.push({ file, outcome: 'name_unsupported', error: fault });
    else if (holder !== undefined)
      place?.excluded.push(caseConflict(file, `the file ${nameFrom(holder, file)}`));
    else if (folders.has(folded)) place?.excluded.push(caseConflict(file, 'a folder'));
    else {
      holders.set(folded, file);
      place?.files.push(file);
    }
  }
  return [...sorted].map(([folder, { files, excluded }]) => ({
    folder,
    digest: digestOfFiles(files),
    files,
    excluded,
  }));
}

/** Of names that differ only in case, the one archived already comes first, then the lowest in byte order. */
function filesInOrder(scanned: readonly ScannedFolder[], { belongs, knownIn }: SortingRules): SourceFile[] {
  const rank = (file: SourceFile) => (knownIn(file.folder).get(file.name)?.state === 'archived' ? 0 : 1);
  return scanned
    .flatMap((each) => each.names.map((_, index) => fileAt(each, index)))
    .filter((file) => belongs(file.path))
    .map((file) => ({ file, rank: rank(file) }))
    .sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file }) => file);
}

/** How a file is named to one that lost its name to it. */
function nameFrom(holder: SourceFile, loser: SourceFile): string {
  return holder.folder === loser.folder ? holder.name : holder.path;
}

function nameFault(file: SourceFile, sharePath: string): string | undefined {
  return componentFault(file.name) ?? shareNameFault(pathIn(sharePath, file.path));
}

function caseConflict(file: SourceFile, other: string): ExcludedFile {
  return {
    file,
    outcome: 'name_case_conflict',
    error: `its path differs only in case from ${other}; Azure Files compares without case`,
  };
}

function notUnicodeFile(folder: string, escaped: string): ExcludedFile {
  const path = pathIn(folder, escaped);
  const file = { folder, name: escaped, path, sizeBytes: 0, mtimeMs: 0, ctimeMs: 0, fileId: 0 };
  return {
    file,
    outcome: 'name_not_unicode',
    error: 'the name is no valid UTF-8; its bytes are shown escaped',
  };
}

/** The digest of the files that a folder of the share is to hold. */
export function digestOfFiles(files: readonly SourceFile[]): string {
  return folderDigest(
    files.map(({ path, sizeBytes, mtimeMs }) => ({ keyHex: pathKeyHex(path), sizeBytes, mtimeMs })),
  );
}
