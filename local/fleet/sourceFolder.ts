import type { Dirent, Stats } from 'node:fs';
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerPath } from './ledger.ts';

/** A file of an instrument: its date folder and its name in bytes, which need not be text. */
export interface SourceName {
  day: string;
  name: Buffer;
}

export interface StandingFile extends SourceName {
  sizeBytes: number;
  mtimeMs: number;
}

/** What stands in the date folders of one instrument. Kept in memory; only this process writes there. */
export interface SourceFolder {
  pathOf(file: SourceName): Buffer;
  files(): StandingFile[];
  /** Takes note of a file that was written, or written again. */
  add(file: StandingFile): void;
  /** Keeps a file from the purge until it is added again; false when it no longer stands. */
  take(file: SourceName): boolean;
  /** Makes the date folder of a file that is about to be written. */
  prepare(day: string): Promise<void>;
  /** Deletes the oldest files over the cap and the date folders before `today` that this emptied; returns what it deleted. */
  purge(capFiles: number, today: string): Promise<StandingFile[]>;
}

/** Reads what stands in `dir` and makes the folder where it is missing. */
export async function openSourceFolder(dir: string): Promise<SourceFolder> {
  await mkdir(dir, { recursive: true });
  const standing = new Map<string, StandingFile>();
  const add = (file: StandingFile) => standing.set(keyOf(file), file);
  for (const file of await readStanding(dir)) add(file);

  return {
    pathOf: (file) => pathOf(dir, file),
    files: () => [...standing.values()],
    add,
    take: (file) => standing.delete(keyOf(file)),
    async prepare(day) {
      await mkdir(join(dir, day), { recursive: true });
    },
    async purge(capFiles, today) {
      const excess = standing.size - capFiles;
      if (excess <= 0) return [];
      const purged = [...standing.values()].sort((a, b) => a.mtimeMs - b.mtimeMs).slice(0, excess);
      // All at once: a measurement that is about to be changed must not be taken up between two deletions.
      for (const file of purged) standing.delete(keyOf(file));
      for (const file of purged) await rm(pathOf(dir, file), { force: true });
      const kept = new Set([...standing.values()].map(({ day }) => day));
      for (const day of new Set(purged.map((file) => file.day))) {
        if (day < today && !kept.has(day)) await removeIfEmpty(join(dir, day));
      }
      return purged;
    },
  };
}

/** The path as the ledger writes it. */
export function ledgerPath({ day, name }: SourceName): LedgerPath {
  const text = name.toString('utf8');
  const path = `${day}/${text}`;
  if (Buffer.from(text).equals(name)) return { path };
  return { path, pathHex: Buffer.concat([Buffer.from(`${day}/`), name]).toString('hex') };
}

function keyOf({ day, name }: SourceName): string {
  return `${day}/${name.toString('latin1')}`;
}

function pathOf(dir: string, { day, name }: SourceName): Buffer {
  return Buffer.concat([Buffer.from(`${join(dir, day)}/`), name]);
}

async function readStanding(dir: string): Promise<StandingFile[]> {
  const files: StandingFile[] = [];
  for (const folder of await readdir(dir, { withFileTypes: true })) {
    if (!folder.isDirectory() || !/^\d{4}-\d{2}-\d{2}$/u.test(folder.name)) continue;
    const day = folder.name;
    const entries: Array<Dirent<Buffer>> = await readdir(join(dir, day), {
      withFileTypes: true,
      encoding: 'buffer',
    });
    for (const { name } of entries.filter((entry) => entry.isFile())) {
      files.push({ day, name, ...sizeAndTime(await stat(pathOf(dir, { day, name }))) });
    }
  }
  return files;
}

/** Size and whole-millisecond time of a file, as the ledger and the archive know it. */
export function sizeAndTime({ size, mtimeMs }: Stats): { sizeBytes: number; mtimeMs: number } {
  return { sizeBytes: size, mtimeMs: Math.floor(mtimeMs) };
}

/** A date folder that somebody else put a file into stays. */
async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
