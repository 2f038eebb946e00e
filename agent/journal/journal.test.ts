import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileResult } from '../../shared/contract/agents.ts';
import { createLog } from '../logging/log.ts';
import { openJournal } from './journal.ts';
import { lineOf, readLines } from './lines.ts';

let stateFolder = '';
const file = () => join(stateFolder, 'journal.jsonl');
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'datasync-journal-'));
});
afterEach(() => rmSync(stateFolder, { recursive: true }));

const log = createLog({ level: 'error', format: 'json', write: () => undefined });
const open = () => openJournal({ stateFolder, log });

function result(seq: number) {
  const facts = {
    sizeBytes: 1,
    mtimeMs: 2,
    sha256: null,
    archivedPath: null,
    etag: null,
    shareModifiedAt: null,
  };
  const outcome = {
    path: `${String(seq)}.geo`,
    outcome: 'locked',
    bytesSent: 0,
    attempts: 1,
    error: null,
    ...facts,
  } as const;
  return { kind: 'result', seq, jobId: 'job', result: outcome, ctimeMs: 1.5, fileId: 3 } as const;
}

describe('journal', () => {
  it('F6 gives back after a restart what was appended and not acknowledged', async () => {
    const journal = open();
    await journal.append([
      { kind: 'run', jobId: 'job', correlationId: 'id' },
      result(1),
      result(2),
      result(3),
    ]);
    await journal.append([{ kind: 'acknowledged', seqs: [1, 3] }]);
    await journal.note({ kind: 'reported', jobId: 'job', keys: ['1.GEO'] });
    await journal.close();
    const again = open();
    expect([...again.contents.results.keys()]).toEqual([2]);
    expect(again.contents.runs.get('job')).toEqual({ correlationId: 'id', reported: new Set(['1.GEO']) });
    expect(again.nextSeq()).toBe(4);
    await again.close();
  });

  it('F6 B37 of a file that is tried again and again the latest result waits, and no result that is final makes way', async () => {
    const journal = open();
    const again = (seq: number, outcome: FileResult['outcome'], jobId = 'job') => {
      const { result: told, ...entry } = result(seq);
      return { ...entry, jobId, result: { ...told, path: 'held.geo', outcome } };
    };
    await journal.append([again(1, 'locked'), again(2, 'locked', 'other')]);
    await journal.append([again(3, 'still_writing'), again(4, 'unreadable')]);
    expect([...journal.contents.results.keys()]).toEqual([2, 4]);
    await journal.append([{ kind: 'acknowledged', seqs: [4] }, again(5, 'vanished'), again(6, 'locked')]);
    await journal.append([again(7, 'renamed')]);
    await journal.close();
    const opened = open();
    expect([...opened.contents.results.keys()]).toEqual([2, 5, 7]);
    await opened.close();
  });

  it('F6 tolerates a torn last line, and does not spoil the next one with it', async () => {
    const journal = open();
    await journal.append([result(1)]);
    await journal.close();
    appendFileSync(file(), lineOf(result(2)).slice(0, -20));
    const torn = open();
    await torn.append([result(3)]);
    await torn.close();
    const again = open();
    expect([...again.contents.results.keys()]).toEqual([1, 3]);
    await again.close();
  });

  it('F6 leaves out a damaged line and keeps those around it', () => {
    const lines = [result(1), result(2), result(3)].map(lineOf);
    const text = lines.join('').replace('"seq":2', '"seq":7');
    const { entries, damaged } = readLines(text);
    expect(entries).toEqual([result(1), result(3)]);
    expect(damaged).toBe(1);
  });

  it('B37 is rewritten with what still counts when it has grown', async () => {
    const journal = open();
    for (let round = 0; round < 60; round += 1) {
      const entries = Array.from({ length: 500 }, () => result(journal.nextSeq()));
      await journal.append(entries);
      await journal.append([{ kind: 'acknowledged', seqs: entries.map(({ seq }) => seq).slice(1) }]);
    }
    await journal.close();
    expect(statSync(file()).size).toBeLessThan(5 * 1024 * 1024);
    const again = open();
    expect(again.contents.results.size).toBe(60);
    await again.close();
  });

  it('F6 a large journal that is opened is rewritten, with the same contents', async () => {
    writeFileSync(file(), Array.from({ length: 30_000 }, (_, seq) => lineOf(result(seq % 100))).join(''));
    const journal = open();
    expect(journal.contents.results.size).toBe(100);
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(101);
    await journal.close();
  });

  it('F6 resumes uploads by the ranges that were noted, and forgets closed ones', async () => {
    const journal = open();
    const upload = { jobId: 'job', target: 'a.geo', sizeBytes: 9, mtimeMs: 1, createdMs: 7 };
    await journal.note({ kind: 'upload', uploadId: 'one', ...upload });
    await journal.note({ kind: 'range', uploadId: 'one', offset: 0, md5: 'x' });
    await journal.note({ kind: 'upload', uploadId: 'two', ...upload });
    await journal.note({ kind: 'upload-closed', uploadId: 'two' });
    await journal.close();
    const again = open();
    expect([...again.contents.uploads.values()]).toEqual([
      { uploadId: 'one', ...upload, ranges: new Map([[0, 'x']]) },
    ]);
    await again.close();
    await expect(again.append([result(1)])).rejects.toThrow(/closed/);
  });
});
