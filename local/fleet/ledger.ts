import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Expectation } from './fileNames.ts';
import type { Oddity } from './oddities.ts';

/** Where a file stands: `path` below the source folder with `/`; bytes that are no text also in `pathHex`. */
export interface LedgerPath {
  path: string;
  pathHex?: string;
}

/** A file is whole on the source from here on, until another line names its path. */
export interface FinishedLine extends LedgerPath {
  event: 'finished';
  sizeBytes: number;
  /** Whole milliseconds, rounded down. */
  mtimeMs: number;
  sha256: string;
  finishedAt: string;
  expect: Expectation;
  oddity?: Oddity;
  /** The path that differs only in case: one of the two must be archived. */
  twin?: string;
  /** Found at a start without a line of its own: the simulator was killed while it wrote the file. */
  adopted?: true;
}

/** A file left its path: purged over the cap, vanished on purpose, renamed to a path that has a line of its own. */
export interface GoneLine extends LedgerPath {
  event: 'purged' | 'vanished' | 'renamed';
  at: string;
  to?: string;
}

export type LedgerLine = FinishedLine | GoneLine;

/** Appends lines one after the other; a line is on its way to the disk when the promise resolves. */
export interface Ledger {
  append(line: LedgerLine): Promise<void>;
}

/** Opens the ledger, made where missing; a line torn by a kill is closed, so that the next one stands by itself. */
export async function openLedger(path: string): Promise<Ledger> {
  await mkdir(dirname(path), { recursive: true });
  await closeTornLine(path);
  let last = Promise.resolve();
  return {
    append(line) {
      const write = () => appendFile(path, `${JSON.stringify(line)}\n`);
      // After a failed write the next one is tried all the same: its own caller hears of its own error.
      last = last.then(write, write);
      return last;
    },
  };
}

async function closeTornLine(path: string): Promise<void> {
  const handle = await open(path, 'a+');
  try {
    const { size } = await handle.stat();
    if (size === 0) return;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer.toString() !== '\n') await handle.appendFile('\n');
  } finally {
    await handle.close();
  }
}

/** Reads a ledger line by line. A torn line is passed over: its file has a later line, written at the next start. */
export async function* readLedger(path: string): AsyncGenerator<LedgerLine> {
  const handle = await open(path);
  try {
    for await (const line of handle.readLines()) {
      const parsed = parseLine(line);
      if (parsed !== undefined) yield parsed;
    }
  } finally {
    await handle.close();
  }
}

function parseLine(line: string): LedgerLine | undefined {
  try {
    return JSON.parse(line) as LedgerLine;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** All that the simulator says of one path: its versions, oldest first, and how it left the source, if it did. */
export interface LedgerFile extends LedgerPath {
  expect: Expectation;
  /** The last one must be on the share when `expect` is `archived`; earlier ones were replaced and may be. */
  versions: FinishedLine[];
  gone?: GoneLine['event'];
}

/** Folds a ledger to one entry per path that was ever finished, keyed by `pathHex` where there is one, else by path. */
export async function foldLedger(path: string): Promise<Map<string, LedgerFile>> {
  const files = new Map<string, LedgerFile>();
  for await (const line of readLedger(path)) {
    const key = line.pathHex ?? line.path;
    const known = files.get(key);
    if (line.event !== 'finished') {
      if (known) known.gone = line.event;
      continue;
    }
    const named = line.pathHex === undefined ? {} : { pathHex: line.pathHex };
    const versions = [...(known?.versions ?? []), line];
    files.set(key, { path: line.path, ...named, expect: line.expect, versions });
  }
  return files;
}
