import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { componentFault, shareNameFault } from '../../shared/domain/names.ts';
import type { Outcome } from '../../shared/domain/outcomes.ts';
import { foldPath, pathKeyHex } from '../../shared/domain/paths.ts';
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
  /** Another folder differs from this one only in case and came first: on the share they would be one. */
  readonly isTwin: boolean;
}

/** Tells the files of a folder that can be archived from those whose names Azure Files cannot hold (SPEC F15). */
export function sortFolder(scanned: ScannedFolder, known: Segment, rules: SortingRules): SortedFolder {
  const files: SourceFile[] = [];
  const excluded: ExcludedFile[] = scanned.notUnicode.map((name) => notUnicode(scanned.folder, name));
  const holders = new Map<string, SourceFile>();
  for (const file of filesInOrder(scanned, known, rules.belongs)) {
    const fault = nameFault(file, rules.sharePath);
    const folded = foldPath(file.name);
    const holder = holders.get(folded);
    if (fault !== undefined) excluded.push({ file, outcome: 'name_unsupported', error: fault });
    else if (holder !== undefined) excluded.push(caseConflict(file, `the file ${holder.name}`));
    else if (rules.isTwin) excluded.push(caseConflict(file, 'one in another folder'));
    else {
      holders.set(folded, file);
      files.push(file);
    }
  }
  const apart = withoutFolderTwins(files, scanned.folders, excluded);
  return { folder: scanned.folder, digest: digestOf(apart), files: apart, excluded };
}

/** Of names that differ only in case, the one archived already comes first, then the lowest in byte order. */
function filesInOrder(scanned: ScannedFolder, known: Segment, belongs: PathFilter): SourceFile[] {
  const rank = (file: SourceFile) => (known.get(file.name)?.state === 'archived' ? 0 : 1);
  return scanned.names
    .map((_, index) => fileAt(scanned, index))
    .filter((file) => belongs(file.path))
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function withoutFolderTwins(
  files: SourceFile[],
  folders: readonly string[],
  excluded: ExcludedFile[],
): SourceFile[] {
  const foldedFolders = new Set(folders.map(foldPath));
  return files.filter((file) => {
    if (!foldedFolders.has(foldPath(file.name))) return true;
    excluded.push(caseConflict(file, 'a folder'));
    return false;
  });
}

function nameFault(file: SourceFile, sharePath: string): string | undefined {
  return (
    componentFault(file.name) ?? shareNameFault(sharePath === '' ? file.path : `${sharePath}/${file.path}`)
  );
}

function caseConflict(file: SourceFile, other: string): ExcludedFile {
  return {
    file,
    outcome: 'name_case_conflict',
    error: `its path differs only in case from ${other}; Azure Files compares without case`,
  };
}

function notUnicode(folder: string, escaped: string): ExcludedFile {
  const path = folder === '' ? escaped : `${folder}/${escaped}`;
  const file = { folder, name: escaped, path, sizeBytes: 0, mtimeMs: 0, ctimeMs: 0, fileId: 0 };
  return {
    file,
    outcome: 'name_not_unicode',
    error: 'the name is no valid UTF-8; its bytes are shown escaped',
  };
}

function digestOf(files: readonly SourceFile[]): string {
  return folderDigest(
    files.map(({ path, sizeBytes, mtimeMs }) => ({ keyHex: pathKeyHex(path), sizeBytes, mtimeMs })),
  );
}
