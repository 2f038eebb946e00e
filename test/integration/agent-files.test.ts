import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import { hashesBelow } from '../support/archive.ts';
import { meddling } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

function fileError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: told by the test`), { code, syscall: 'open' });
}

describe('agent: F15, each odd file has one outcome and none stops the others', () => {
  it('F15 a file still being written is left alone until it has been quiet', async () => {
    const archive = await open();
    await put(archive, 'done.geo', 'done');
    writeFileSync(join(archive.source, 'growing.geo'), 'half');
    await cycle(archive, { settings: { quietSeconds: 30 } });
    // A change time cannot be set back: the finished file is as young as the growing one.
    expect(lastOutcomes(archive)).toEqual({ 'done.geo': 'still_writing', 'growing.geo': 'still_writing' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'done.geo': 'archived', 'growing.geo': 'archived' });
  });

  it('F14 F15 a file that is about to be purged is not waited for', async () => {
    // Twelve files in the fullest hour: reckoned are 24, one in 150 s. 45 files under the cap, less 10 in reserve, leave
    // 35 · 150 s to the first file and 150 s more to each; the next look is in 6,600 s.
    const archive = await open({ sourceCap: 57 });
    for (let number = 10; number < 22; number += 1)
      await put(archive, `${String(number)}.geo`, 'x', 5000 - number);
    await cycle(archive, { settings: { quietSeconds: 3000 } });
    const outcomes = Object.values(lastOutcomes(archive));
    expect(outcomes.filter((outcome) => outcome === 'archived')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'still_writing')).toHaveLength(2);
  });

  it('F14 what is closest to deletion is uploaded first', async () => {
    const archive = await open();
    for (const [name, age] of [
      ['new', 10],
      ['oldest', 900],
      ['old', 500],
    ] as const)
      await put(archive, name, name, age);
    await cycle(archive, { settings: { concurrency: 1 } });
    expect([...(archive.plane.runs[0]?.results.keys() ?? [])]).toEqual(['OLDEST', 'OLD', 'NEW']);
  });

  it('F15 B16 a locked file is skipped, tried again, and holds up no other', async () => {
    const archive = await open();
    for (const name of ['free.geo', 'locked.geo']) await put(archive, name, name);
    const locked = meddling('locked.geo', {
      onOpen: () => {
        throw fileError('EBUSY');
      },
    });
    await cycle(archive, { openSource: locked });
    expect(lastOutcomes(archive)).toEqual({ 'free.geo': 'archived', 'locked.geo': 'locked' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'locked.geo': 'archived' });
  });

  it('F15 an unreadable file fails alone, with the file system’s words', async () => {
    const archive = await open();
    for (const name of ['good.geo', 'bad.geo']) await put(archive, name, name);
    await cycle(archive, {
      openSource: meddling('bad.geo', {
        onRead: () => {
          throw fileError('EIO');
        },
      }),
    });
    expect(lastOutcomes(archive)).toEqual({ 'good.geo': 'archived', 'bad.geo': 'unreadable' });
    expect(archive.plane.resultsOf('bad.geo')[0]?.error).toContain('EIO');
    expect(archive.plane.runs[0]?.status).toBe('partial');
  });

  it('F15 a file purged before it could be read is vanished', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'purged.geo']) await put(archive, name, name);
    const purged = meddling('purged.geo', { onOpen: () => rmSync(join(archive.source, 'purged.geo')) });
    await cycle(archive, { openSource: purged });
    expect(lastOutcomes(archive)).toEqual({ 'kept.geo': 'archived', 'purged.geo': 'vanished' });
  });

  it('F15 a file deleted while it was still being written is no loss', async () => {
    const archive = await open();
    await put(archive, 'passing.geo', 'half');
    await cycle(archive, { settings: { quietSeconds: 30 } });
    rmSync(join(archive.source, 'passing.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'passing.geo': 'vanished_unfinished' });
  });

  it('F6 F15 neither is one that was seen while the server was away', async () => {
    const archive = await open();
    await cycle(archive);
    archive.plane.down = true;
    await put(archive, 'passing.geo', 'half');
    await cycle(archive, { settings: { quietSeconds: 30 } });
    archive.plane.down = false;
    appendFileSync(join(archive.source, 'passing.geo'), ' and whole');
    renameSync(join(archive.source, 'passing.geo'), join(archive.source, 'final.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'passing.geo': 'vanished_unfinished', 'final.geo': 'archived' });
  });

  it('F14 F15 a file seen but not archived, and gone at the next cycle, is vanished', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'lost.geo']) await put(archive, name, name);
    const locked = meddling('lost.geo', {
      onOpen: () => {
        throw fileError('EACCES');
      },
    });
    await cycle(archive, { openSource: locked });
    rmSync(join(archive.source, 'lost.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'lost.geo': 'vanished' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F15 an archived file that the instrument deletes is nobody’s loss', async () => {
    const archive = await open();
    await put(archive, 'd/a.geo', 'alpha');
    await put(archive, 'd/b.geo', 'beta');
    await cycle(archive);
    rmSync(join(archive.source, 'd/a.geo'));
    await cycle(archive);
    rmSync(join(archive.source, 'd'), { recursive: true });
    await cycle(archive);
    expect(archive.plane.runs.map(({ results }) => results.size)).toEqual([2, 0, 0]);
    expect((await storedHashes(archive)).size).toBe(2);
  });

  it('F15 a renamed file is no loss: the old name is renamed, the new one archived', async () => {
    const archive = await open();
    await put(archive, 'scan.tmp', 'content');
    const renaming = meddling('scan.tmp', {
      onOpen: () => renameSync(join(archive.source, 'scan.tmp'), join(archive.source, 'scan.geo')),
    });
    await cycle(archive, { openSource: renaming });
    expect(lastOutcomes(archive)).toEqual({ 'scan.tmp': 'renamed' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'scan.geo': 'archived' });
  });

  it('F15 a file renamed between two cycles before it was archived is renamed too', async () => {
    const archive = await open();
    await put(archive, 'scan.tmp', 'content');
    await cycle(archive, { settings: { quietSeconds: 30 } });
    mkdirSync(join(archive.source, 'done'));
    renameSync(join(archive.source, 'scan.tmp'), join(archive.source, 'done/scan.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'scan.tmp': 'renamed', 'done/scan.geo': 'archived' });
  });

  it('F15 B17 a large file that changes while it is uploaded is not marked whole, and archived when it rests', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(10_000_000, 1));
    const file = join(archive.source, 'big.geo');
    const writing = meddling('big.geo', {
      onRead: (offset) => {
        if (offset > 0) appendFileSync(file, 'more');
      },
    });
    await cycle(archive, { openSource: writing });
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'changed_during_upload' });
    expect((await archive.stored()).map(({ attributes }) => /readonly/i.test(attributes))).toEqual([false]);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'archived' });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F15 B17 a large file rewritten under the same size and time while it is uploaded is noticed', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(10_000_000, 1));
    const file = join(archive.source, 'big.geo');
    const time = new Date(1_700_000_000_000);
    utimesSync(file, time, time);
    const rewriting = meddling('big.geo', {
      onRead: (offset) => {
        if (offset < 8_000_000) return;
        writeFileSync(file, Buffer.alloc(10_000_000, 2));
        utimesSync(file, time, time);
      },
    });
    await cycle(archive, { openSource: rewriting });
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'changed_during_upload' });
  });

  it('F15 B17 a small file that grows while it is read is still being written, and nothing is sent', async () => {
    const archive = await open();
    await put(archive, 'small.geo', 'small');
    const file = join(archive.source, 'small.geo');
    await cycle(archive, { openSource: meddling('small.geo', { onRead: () => appendFileSync(file, 'er') }) });
    expect(lastOutcomes(archive)).toEqual({ 'small.geo': 'still_writing' });
    expect(await archive.stored()).toEqual([]);
  });

  it('F15 a file purged while it is read is finished through the open handle', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(10_000_000, 3));
    const hashes = await hashesBelow(archive.source);
    const purging = meddling('big.geo', {
      onRead: () => rmSync(join(archive.source, 'big.geo'), { force: true }),
    });
    await cycle(archive, { openSource: purging });
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'archived' });
    expect(await storedHashes(archive)).toEqual(hashes);
  });

  it('F5 F15 a file that changed after it was archived is kept beside it under its own name', async () => {
    const archive = await open();
    await put(archive, 'd/a.geo', 'first', 5000);
    await cycle(archive);
    await put(archive, 'd/a.geo', 'second, longer', 4000);
    await cycle(archive);
    await put(archive, 'd/b.geo', Buffer.alloc(5_000_000, 1), 4000);
    await cycle(archive);
    await put(archive, 'd/b.geo', Buffer.alloc(6_000_000, 2), 3000);
    await cycle(archive);
    const names = [...(await storedHashes(archive)).keys()];
    expect(names).toHaveLength(4);
    expect(names.filter((name) => /^d\/[ab]~\d+-[0-9a-f]{8}\.geo$/.test(name))).toHaveLength(2);
    expect(archive.plane.resultsOf('d/a.geo').map(({ outcome }) => outcome)).toEqual([
      'archived',
      'archived_changed',
    ]);
    expect(archive.plane.resultsOf('d/b.geo').map(({ outcome }) => outcome)).toEqual([
      'archived',
      'archived_changed',
    ]);
  });

  it('F5 a file touched after it was archived is not written again', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'same', 5000);
    await cycle(archive);
    await put(archive, 'a.geo', 'same', 4000);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'already_archived' });
    expect((await storedHashes(archive)).size).toBe(1);
  });

  it('F15 a file rewritten with the same size and time is found by its change time', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'aaaa', 5000);
    await cycle(archive);
    await put(archive, 'a.geo', 'bbbb', 5000);
    const [before] = archive.plane.resultsOf('a.geo');
    const time = new Date(before?.mtimeMs ?? 0);
    utimesSync(join(archive.source, 'a.geo'), time, time);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived_changed' });
  });

  it('F15 a file rewritten with the same size and time is not forgotten when it could not be read at first', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'aaaa', 5000);
    await cycle(archive);
    const [before] = archive.plane.resultsOf('a.geo');
    const time = new Date(before?.mtimeMs ?? 0);
    writeFileSync(join(archive.source, 'a.geo'), 'bbbb');
    utimesSync(join(archive.source, 'a.geo'), time, time);
    await cycle(archive, { openSource: () => Promise.reject(fileError('EBUSY')) });
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'locked' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived_changed' });
  });

  it('F15 B26 a file that had lost its name is archived when it gets it, even with the size and time of the other', async () => {
    const archive = await open();
    await put(archive, 'A.geo', 'aaaa', 5000);
    await cycle(archive);
    const time = new Date(archive.plane.resultsOf('A.geo')[0]?.mtimeMs ?? 0);
    writeFileSync(join(archive.source, 'a.geo'), 'bbbb');
    utimesSync(join(archive.source, 'a.geo'), time, time);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'name_case_conflict' });
    rmSync(join(archive.source, 'A.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived_changed' });
  });

  it('F15 B19 empty files and every size around a range arrive with their bytes', async () => {
    const archive = await open();
    const range = 4 * 1024 * 1024;
    for (const size of [0, 1, range - 1, range, range + 1, 2 * range, 2 * range + 7])
      await put(archive, `size/${String(size)}.geo`, Buffer.alloc(size, size % 251));
    await cycle(archive);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['archived']));
  });

  it('F15 links and pipes are no files, and nobody follows them', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'x');
    symlinkSync('/etc/hostname', join(archive.source, 'link.geo'));
    symlinkSync('/etc', join(archive.source, 'folder'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('F15 a file with a time in the future is archived once it has been seen unchanged', async () => {
    const archive = await open({ scheduleSeconds: 1 });
    await put(archive, 'future.geo', 'x', -86_400);
    const agent = startAgent(archive, { settings: { quietSeconds: 0.5 } });
    await until(() => archive.plane.resultsOf('future.geo').some(({ outcome }) => outcome === 'archived'));
    await agent.stop();
    expect(archive.plane.resultsOf('future.geo')[0]?.outcome).toBe('still_writing');
  });
});
