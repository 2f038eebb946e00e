import { closeSync, existsSync, fdatasync, openSync, readFileSync, statSync, write } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { AgentLog } from '../logging/log.ts';
import { syncFolder, writeFileDurably } from '../state/durableFile.ts';
import { applyEntry, emptyContents, entriesOf, type JournalContents } from './contents.ts';
import type { JournaledResult, JournalEntry } from './entries.ts';
import { lineOf, readLines } from './lines.ts';
import { keepRefused } from './refusedResults.ts';

/** The agent's memory across crashes: an append-only file of checksummed lines. */
export interface Journal {
  /** What the lines add up to; a line counts once it is written, and one of `append` once it is synced. */
  readonly contents: JournalContents;
  /** The number of the next result. */
  nextSeq(): number;
  /** Resolves when the entries are on disk (synced). Entries of callers that wait together share one sync. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Writes without waiting for the disk: for what may be lost, because it can be found out again. */
  note(entry: JournalEntry): Promise<void>;
  /**
   * Takes a result out of the journal that the server will never take. It is kept in a file of its own, for people; when
   * this resolves both are on disk.
   */
  setAside(result: JournaledResult, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** Above this the file is rewritten with what still counts, provided that is less than half of it. */
const COMPACT_BYTES = 4 * 1024 * 1024;

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

interface Waiting {
  readonly entries: readonly JournalEntry[];
  readonly text: string;
  readonly synced: boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Opens the journal and reads it back. Damaged lines are left out, and said so: what they held is found out again. */
export function openJournal({ stateFolder, log }: { stateFolder: string; log: AgentLog }): Journal {
  const file = join(stateFolder, 'journal.jsonl');
  const { contents, isSound } = readContents(file, log);
  // A torn last line would spoil the next one; a large file is worth the sync.
  let sizeBytes = isSound ? statSync(file).size : rewrite(file, contents);
  let handle = openSync(file, 'a', 0o600);
  let { nextSeq } = contents;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let isClosed = false;
  let failed = false;

  const writeBatch = async (batch: readonly Waiting[]) => {
    try {
      // A line that failed may be there in part: the next one must not hang on it.
      const text = `${failed ? '\n' : ''}${batch.map((one) => one.text).join('')}`;
      const bytes = Buffer.from(text, 'utf8');
      failed = true;
      for (let at = 0; at < bytes.length;) at += (await writeAsync(handle, bytes, at)).bytesWritten;
      failed = false;
      sizeBytes += bytes.length;
      if (batch.some((one) => one.synced)) await fdatasyncAsync(handle);
      for (const entry of batch.flatMap(({ entries }) => entries)) applyEntry(contents, entry);
      for (const one of batch) one.done();
    } catch (error) {
      for (const one of batch) one.failed(error);
    }
  };
  const compactIfLarge = () => {
    if (sizeBytes < COMPACT_BYTES) return;
    closeSync(handle);
    try {
      sizeBytes = rewrite(file, contents);
    } catch (error) {
      // The old file stands, and holds everything; it is rewritten when it has grown again.
      log.warn({ error: String(error) }, 'The journal could not be rewritten: it grows on');
      sizeBytes = 0;
    }
    handle = openSync(file, 'a', 0o600);
    // What still counts may itself be large: the next rewrite waits until the file has doubled.
    if (sizeBytes > COMPACT_BYTES / 2) sizeBytes = 0;
  };
  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(batch);
      if (waiting.length === 0) compactIfLarge();
    }
    writing = undefined;
  };
  const put = (entries: readonly JournalEntry[], synced: boolean) =>
    new Promise<void>((done, failed) => {
      if (isClosed) throw new Error('writing to the journal: it is closed; the agent is stopping');
      waiting.push({ entries, text: entries.map(lineOf).join(''), synced, done, failed });
      writing ??= writeAll();
    });
  return {
    contents,
    nextSeq: () => nextSeq++,
    append: (entries) => put(entries, true),
    note: (entry) => put([entry], false),
    setAside: async (result, reason) => {
      keepRefused(stateFolder, { result, reason, at: new Date() });
      await put([{ kind: 'acknowledged', seqs: [result.seq] }], true);
    },
    close: async () => {
      isClosed = true;
      await writing;
      closeSync(handle);
    },
  };
}

function readContents(file: string, log: AgentLog): { contents: JournalContents; isSound: boolean } {
  const contents = emptyContents();
  if (!existsSync(file)) return { contents, isSound: false };
  const text = readFileSync(file, 'utf8');
  const { entries, damaged, torn } = readLines(text);
  if (damaged > 0)
    log.warn({ damaged }, 'The journal has damaged lines: they are left out, and the files looked at again');
  for (const entry of entries) applyEntry(contents, entry);
  return { contents, isSound: damaged === 0 && !torn && text.length < COMPACT_BYTES };
}

function rewrite(file: string, contents: JournalContents): number {
  const text = [...entriesOf(contents)].map(lineOf).join('');
  writeFileDurably(file, text);
  syncFolder(dirname(file));
  return Buffer.byteLength(text);
}
