import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Directory, JOURNAL_NAME } from './directory.ts';
import type { FileEntry } from './entry.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'azure-files-journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const load = () => Directory.load({ diskPath: folder, synced: false, readOnly: false });
const journalPath = () => join(folder, JOURNAL_NAME);
const namesIn = (directory: Directory) => [...directory.entries()].map(({ name }) => name).sort();

function file(name: string, more: Partial<FileEntry> = {}): FileEntry {
  const time = '2026-01-31T00:00:00.0000000Z';
  const times = { lastModified: time, created: time, lastWritten: time, changed: time };
  return {
    kind: 'file',
    name,
    id: '1',
    etag: '"0x1"',
    attributes: 'None',
    sizeBytes: 0,
    written: [],
    ...times,
    ...more,
  };
}

describe('the journal of a directory', () => {
  it('L4 B18 a journal cut anywhere gives the entries before the cut, and goes on from there', () => {
    const directory = load();
    for (const name of ['a', 'b', 'c']) directory.put(file(name));
    const whole = readFileSync(journalPath());
    const lines = whole.toString().split('\n');
    for (let length = 0; length < whole.length; length += 5) {
      writeFileSync(journalPath(), whole.subarray(0, length));
      const wholeLines = whole.subarray(0, length).toString().split('\n').length - 1;
      const reloaded = load();
      expect(namesIn(reloaded)).toEqual(['a', 'b', 'c'].slice(0, wholeLines));
      reloaded.put(file('after'));
      expect(namesIn(load())).toEqual([...['a', 'b', 'c'].slice(0, wholeLines), 'after'].sort());
    }
    expect(lines).toHaveLength(4);
  });

  it('L4 refuses a journal that is damaged in the middle, instead of forgetting what follows', () => {
    const directory = load();
    for (const name of ['a', 'b', 'c']) directory.put(file(name));
    writeFileSync(journalPath(), readFileSync(journalPath(), 'utf8').replace('"name":"b"', '"name":"x"'));
    expect(load).toThrow(/damaged/);
  });

  it('L4 B18 finishes the rename of staged data that a crash left, and removes what nobody names', () => {
    load().put(file('f', { staged: '.azure-files.new-1' }));
    writeFileSync(join(folder, 'f'), 'old');
    writeFileSync(join(folder, '.azure-files.new-1'), 'new');
    writeFileSync(join(folder, '.azure-files.new-2'), 'never acknowledged');
    load();
    expect(readFileSync(join(folder, 'f'), 'utf8')).toBe('new');
    expect(() => readFileSync(join(folder, '.azure-files.new-2'))).toThrow(/ENOENT/);
  });

  it('L4 stays short however often entries change', () => {
    const directory = load();
    for (let round = 0; round < 5000; round += 1) directory.put(file(`f${String(round % 10)}`));
    expect(readFileSync(journalPath(), 'utf8').split('\n').length).toBeLessThan(2100);
    expect(load().size).toBe(10);
  });

  it('L4 B18 a torn line left by a crash is not glued to the next', () => {
    load().put(file('a'));
    appendFileSync(journalPath(), '0badc0de {"put":{"na');
    load().put(file('b'));
    expect(namesIn(load())).toEqual(['a', 'b']);
    appendFileSync(journalPath(), '0badc0de {"gone":"A"}\n');
    load().put(file('c'));
    expect(namesIn(load())).toEqual(['a', 'b', 'c']);
    truncateSync(journalPath(), 0);
    expect(namesIn(load())).toEqual([]);
  });

  it('L4 B29 pages in order while entries come and go', () => {
    const directory = load();
    for (const name of ['b', 'D', 'a', 'c']) directory.put(file(name));
    const first = directory.list({ max: 2 });
    expect(first.entries.map(({ name }) => name)).toEqual(['a', 'b']);
    directory.remove('c');
    directory.put(file('bb'));
    const second = directory.list({ max: 2, from: first.next });
    expect(second.entries.map(({ name }) => name)).toEqual(['D']);
    expect(second.next).toBeUndefined();
    expect(directory.list({ max: 10, prefix: 'B' }).entries.map(({ name }) => name)).toEqual(['b', 'bb']);
  });
});
