import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../state/durableFile.ts';
import { type FolderTable, parseTable, tableText } from './folderTable.ts';
import { parseSegment, type Segment, segmentText } from './segment.ts';

/** What a job's agent knows of the source files that still stand: a table of folders, and a segment of files each. */
export interface LocalIndex extends FolderTable {
  /** The files known of a folder; empty when nothing is known or the file is damaged. */
  segment(folder: string): Segment;
  /** Replaces a folder's segment on disk, whole or not at all. */
  saveSegment(folder: string, segment: Segment): void;
  /** Replaces the table of folders on disk. */
  saveFolders(): void;
}

/** Opens the index of one job. Anything unreadable counts as unknown: the files are compared with the share again. */
export function openLocalIndex(input: {
  readonly stateFolder: string;
  readonly jobId: string;
  /** `indexScope`. */
  readonly configuration: string;
}): LocalIndex {
  const folder = indexFolder(input.stateFolder, input.jobId);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tableFile = join(folder, 'folders.json');
  const table = parseTable(input.configuration, readText(tableFile));
  const segmentFile = (name: string) => join(folder, `${fileName(name)}.json`);
  return {
    ...table,
    segment: (name) => parseSegment(name, readText(segmentFile(name))) ?? new Map(),
    saveSegment: (name, segment) => writeFileDurably(segmentFile(name), segmentText(name, segment)),
    saveFolders: () => writeFileDurably(tableFile, tableText(input.configuration, table)),
  };
}

/** Where an agent keeps what it knows of a job. */
export function indexFolder(stateFolder: string, jobId: string): string {
  return join(stateFolder, 'index', fileName(jobId));
}

function fileName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
