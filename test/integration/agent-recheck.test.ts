import { mkdir, rmdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { indexFolder } from '../../agent/index/localIndex.ts';
import { createLog } from '../../agent/logging/log.ts';
import { type OpenSourceFile, openSourceFile } from '../../agent/source/sourceFile.ts';
import { recheckJob } from '../../agent/sync/recheck.ts';
import { isDueOn } from '../../agent/sync/recheckProgress.ts';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import type { ArchiveUnderTest } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

const DAY_MS = 86_400_000;

/** A disk that gives other bytes for a file, under the same size, times and file id. */
function rotten(name: string, into: string): OpenSourceFile {
  return async (path) => {
    const source = await openSourceFile(path);
    if (!path.endsWith(`/${name}`)) return source;
    return { ...source, read: async (buffer, offset) => Buffer.from(into).copy(buffer, 0, offset) };
  };
}

/** Thirty days of idle agents, one after another; returns which files were read on which day, and what was logged. */
async function aMonth(archive: ArchiveUnderTest, openSource: OpenSourceFile) {
  const read: string[][] = [];
  const lines: string[] = [];
  const today = Math.floor(Date.now() / DAY_MS);
  for (let day = today; day < today + 30; day += 1) {
    const opened: string[] = [];
    await recheckJob(archive.job, {
      stateFolder: archive.state,
      openSource: (path) => {
        opened.push(path.slice(archive.source.length + 1));
        return openSource(path);
      },
      openShare: () => Promise.reject(new Error('the share is not needed: the agent knows the hashes')),
      log: createLog({ level: 'info', format: 'line', write: (line) => lines.push(line) }),
      now: () => day * DAY_MS,
      monotonicMs: () => performance.now(),
      signal: new AbortController().signal,
    });
    read.push(opened);
  }
  return { read, lines };
}

/** A file that is read again on that day. */
function nameDueOn(day: number): string {
  for (let number = 0; ; number += 1)
    if (isDueOn(day, pathKeyHex(`${String(number)}.geo`))) return `${String(number)}.geo`;
}

describe('agent: what is archived is read again', () => {
  it('F5 in thirty days every file once; one whose content changed unseen is archived beside the first, with a warning', async () => {
    const archive = await open();
    const names = Array.from(
      { length: 60 },
      (_, number) => `${number % 2 === 0 ? 'a' : 'a/b'}/${String(number)}.geo`,
    );
    for (const name of names) await put(archive, name, name);
    await cycle(archive);
    const sound = await storedHashes(archive);
    const openSource = rotten('7.geo', 'A/B/7.GEO');
    const { read, lines } = await aMonth(archive, openSource);
    expect(read.flat().sort()).toEqual(names.sort());
    expect(read.filter((day) => day.length > 0).length).toBeGreaterThan(15);
    expect(lines.join('')).toMatch(/other content than was archived.*path=a\/b\/7\.geo/);
    await cycle(archive, { openSource });
    expect(lastOutcomes(archive)).toEqual({ 'a/b/7.geo': 'archived_changed' });
    const stored = await storedHashes(archive);
    expect(stored.size).toBe(61);
    for (const [path, sha256] of sound) expect(stored.get(path)).toBe(sha256);
    // It is known by its new content from now on.
    expect((await aMonth(archive, openSource)).lines).toEqual([]);
  });

  it('F5 B18 one that is found as the state folder cannot be written is found again, and archived beside the first', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'a.geo');
    for (let times = 0; times < 2; times += 1) await cycle(archive);
    const openSource = rotten('a.geo', 'A.GEO');
    const inTheWay = join(indexFolder(archive.state, archive.job.jobId), 'folders.json.new');
    await mkdir(inTheWay);
    await expect(aMonth(archive, openSource)).rejects.toThrow('folders.json.new');
    await rmdir(inTheWay);
    await aMonth(archive, openSource);
    await cycle(archive, { openSource });
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived_changed' });
  });

  it('F5 a file that changed in the open is left to the scan, and one that cannot be read holds up no other', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo', 'c.geo']) await put(archive, name, name);
    await cycle(archive);
    await writeFile(join(archive.source, 'a.geo'), 'other');
    await utimes(join(archive.source, 'a.geo'), 1, 1);
    const { read, lines } = await aMonth(archive, async (path) => {
      const source = await openSourceFile(path);
      const fails = () => Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
      return path.endsWith('b.geo') ? { ...source, read: fails } : source;
    });
    expect(read.flat().sort()).toEqual(['a.geo', 'b.geo', 'c.geo']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('path=b.geo');
  });

  it('F5 F10 the agent reads between its cycles, and does not wait for a disk that hangs when it is told to sync', async () => {
    const archive = await open();
    const today = Math.floor(Date.now() / DAY_MS);
    // Tomorrow's too: the test may run at midnight.
    for (const day of [today, today + 1]) await put(archive, nameDueOn(day), 'x');
    await cycle(archive);
    const [reading, never] = [Promise.withResolvers<undefined>(), Promise.withResolvers<number>()];
    const agent = startAgent(archive, {
      openSource: async (path) => {
        const source = await openSourceFile(path);
        return {
          ...source,
          read: () => {
            reading.resolve(undefined);
            return never.promise;
          },
        };
      },
    });
    await reading.promise;
    archive.plane.commands = [{ commandId: 'c-1', kind: 'sync_now', jobId: null }];
    await until(() => archive.plane.runs.at(-1)?.trigger === 'command');
    never.resolve(0);
    await agent.stop();
  });
});
