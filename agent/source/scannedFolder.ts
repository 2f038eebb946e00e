import { createHash } from 'node:crypto';
import { pathIn } from '../../shared/domain/relativePath.ts';
import type { SourceFile } from './sourceFile.ts';

/** Numbers kept for each file: size, source time, change time, file id. */
export const FACTS_PER_FILE = 4;

/**
 * One folder of the source as the file system showed it. Facts stand in one array of numbers, so that 100,000 files
 * cost a few megabytes and no objects.
 */
export interface ScannedFolder {
  /** Below the source, `/` between components; the source itself is `''`. */
  readonly folder: string;
  /** Names of regular files, in the order of the directory. */
  readonly names: readonly string[];
  readonly facts: Float64Array;
  /** Names of folders within, sorted. */
  readonly folders: readonly string[];
  /** Names that are no valid Unicode, with their bytes escaped. */
  readonly notUnicode: readonly string[];
}

/** Collects the facts of a folder while it is read. */
export function factsCollector(expected: number) {
  const facts = new Float64Array(expected * FACTS_PER_FILE);
  let at = 0;
  return {
    add: (sizeBytes: number, mtimeMs: number, ctimeMs: number, fileId: number) => {
      facts[at] = sizeBytes;
      facts[at + 1] = mtimeMs;
      facts[at + 2] = ctimeMs;
      facts[at + 3] = fileId;
      at += FACTS_PER_FILE;
    },
    collected: () => facts.subarray(0, at),
  };
}

/** The file at a position of the folder. */
export function fileAt(scanned: ScannedFolder, index: number): SourceFile {
  const name = scanned.names[index];
  if (name === undefined) throw new RangeError(`folder ${scanned.folder}: no file ${String(index)}`);
  const at = index * FACTS_PER_FILE;
  return {
    folder: scanned.folder,
    name,
    path: pathIn(scanned.folder, name),
    sizeBytes: scanned.facts[at] ?? 0,
    mtimeMs: scanned.facts[at + 1] ?? 0,
    ctimeMs: scanned.facts[at + 2] ?? 0,
    fileId: scanned.facts[at + 3] ?? 0,
  };
}

/** Changes whenever a name, size, time or file id of the folder does; says nothing about content. */
export function fingerprintOf(scanned: ScannedFolder): string {
  const { facts } = scanned;
  return createHash('sha1')
    .update(new Uint8Array(facts.buffer, facts.byteOffset, facts.byteLength))
    .update(scanned.names.join('\0'))
    .update(`\0\0${scanned.folders.join('\0')}\0\0${scanned.notUnicode.join('\0')}`)
    .digest('base64');
}
