import { componentFault, shareNameFault } from '../../shared/domain/names.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { pathFilter } from '../source/globs.ts';
import { readFolder } from '../source/readFolder.ts';
import { requireSource } from '../source/scan.ts';
import { fileAt } from '../source/scannedFolder.ts';
import type { SourceFile } from '../source/sourceFile.ts';

/** A name or folder that stands apart, with why. */
export interface Apart {
  readonly path: string;
  readonly reason: string;
}

/** Files whose names differ only in case, in byte order; mostly one. */
export type Files = readonly [SourceFile, ...SourceFile[]];

/** The source as it stands. */
export interface SourceListing {
  /** Files that the share is to hold, by folded path; several where names differ only in case. */
  readonly files: ReadonlyMap<string, Files>;
  /** Files that the job leaves out. */
  readonly excluded: readonly string[];
  /** Names that the share cannot hold. */
  readonly unsupported: readonly Apart[];
  /** Folders that could not be read: nothing is known of what is in them. */
  readonly unreadable: readonly Apart[];
}

export interface SourceRules {
  readonly sourcePath: string;
  /** Counts towards the longest path. */
  readonly sharePath: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Reads every folder of a source. Throws `SourceMissingError` when the source itself is not there. */
export function listSource(rules: SourceRules): SourceListing {
  const root = rules.sourcePath;
  requireSource(root);
  const belongs = pathFilter(rules.include, rules.exclude);
  const files = new Map<string, Files>();
  const excluded: string[] = [];
  const unsupported: Apart[] = [];
  const unreadable: Apart[] = [];
  const place = (file: SourceFile) => {
    const onShare = pathIn(rules.sharePath, file.path);
    const fault = componentFault(file.name) ?? shareNameFault(onShare);
    const folded = foldPath(file.path);
    if (!belongs(file.path)) excluded.push(file.path);
    else if (fault !== undefined) unsupported.push({ path: file.path, reason: fault });
    else files.set(folded, withOneMore(files.get(folded), file));
  };
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const below = (name: string) => pathIn(folder, name);
    try {
      const scanned = readFolder(root, folder);
      waiting.push(...scanned.folders.map(below));
      for (let index = 0; index < scanned.names.length; index += 1) place(fileAt(scanned, index));
      for (const name of scanned.notUnicode)
        unsupported.push({ path: below(name), reason: 'the name is no valid Unicode' });
    } catch (error) {
      unreadable.push({ path: folder, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files, excluded, unsupported, unreadable };
}

/** In byte order, as the agent takes them. */
function withOneMore(files: Files | undefined, file: SourceFile): Files {
  if (files === undefined) return [file];
  const [first, ...others] = files;
  return file.path < first.path ? [file, ...files] : [first, ...[...others, file].toSorted(byPath)];
}

export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
