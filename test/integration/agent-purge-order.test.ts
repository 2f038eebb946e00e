import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSourceFile } from '../../agent/source/sourceFile.ts';
import { archives, cycle, lastOutcomes, put, startAgent, until } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';
import { refusing } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

describe('agent: F14, what is closest to deletion goes first', () => {
  it('F14 across jobs too: the files of a source that is about to purge go before those of one that is not', async () => {
    const archive = await open({ scheduleSeconds: 3600 });
    const full = join(archive.folder, 'full');
    mkdirSync(full);
    archive.plane.setJobs([
      archive.job,
      { ...archive.job, jobId: 'job-2', name: 'full', sourcePath: full, sharePath: 'full', sourceCap: 40 },
    ]);
    for (let number = 0; number < 40; number += 1) {
      await put(archive, `roomy-${String(number)}.geo`, 'x', 9000);
      await put({ ...archive, source: full }, `full-${String(number)}.geo`, 'x', 50);
    }
    const opened = new Set<string>();
    const bothWait = () =>
      archive.plane.heartbeats.at(-1)?.jobs.every(({ backlogCount }) => backlogCount === 40) ?? false;
    const openSource = async (path: string) => {
      if (opened.size === 0) await until(bothWait);
      // The second time it is hashed again: each file's turn comes on another day.
      opened.add(path);
      return openSourceFile(path);
    };
    const agent = startAgent(archive, { settings: { concurrency: 1 }, openSource });
    await until(() => archive.plane.index.size === 80);
    await agent.stop();
    const order = [...opened].map((path) => (path.includes('full-') ? 'full' : 'roomy'));
    expect(order).toHaveLength(80);
    // One was at it before the other had compared; from then on the full source goes first.
    expect(new Set(order.slice(1, 40))).toEqual(new Set(['full']));
    expect(new Set(order.slice(-39))).toEqual(new Set(['roomy']));
  });

  it('F14 tells by heartbeat how many files would go before the oldest one that waits, what is produced, and how fast it uploads', async () => {
    const archive = await open({ sourceCap: 100, scheduleSeconds: 3600 });
    for (let number = 0; number < 6; number += 1)
      await put(archive, `${String(number)}.geo`, 'x'.repeat(1000), 7200);
    await cycle(archive);
    await put(archive, 'late.geo', 'late', 60);
    archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'shareFull' } });
    const agent = startAgent(archive, { settings: { tries: 1 } });
    await until(() => archive.plane.heartbeats.at(-1)?.jobs[0]?.backlogCount === 1);
    await agent.stop();
    expect(archive.plane.heartbeats.at(-1)?.jobs[0]).toMatchObject({
      backlogCount: 1,
      purgeAhead: 6,
      producedLastHour: 1,
      producedLastDay: 7,
      producedPeakHour: 6,
      uploadBytesPerSecond: null,
    });
    archive.files.faults.clear();
    const again = startAgent(archive);
    await until(() => (archive.plane.heartbeats.at(-1)?.jobs[0]?.uploadFilesPerHour ?? 0) > 0);
    await again.stop();
    expect(archive.plane.heartbeats.at(-1)?.jobs[0]).toMatchObject({ backlogCount: 0, purgeAhead: null });
    expect(archive.plane.invalid).toEqual([]);
  });
});

const SEALED = '2026-11-18';

describe('agent: F14, files that are not the job’s', () => {
  it.each([[[]], [[SEALED]]])(
    'F14 count for the instrument: on a full source with a log beside each measurement the oldest one is next (sealed: %j)',
    async (sealed) => {
      const archive = await open({ sourceCap: 8, exclude: ['**/*.log'] });
      for (let number = 1; number < 4; number += 1)
        for (const kind of ['geo', 'log'])
          await put(archive, `${SEALED}/${String(number)}.${kind}`, 'x', 9000);
      const long = new Date(Date.now() - 3_600_000);
      utimesSync(join(archive.source, SEALED), long, long);
      await cycle(archive);
      for (const folder of sealed) archive.plane.sealed.add(folder);
      for (let times = 0; times < 2; times += 1) await cycle(archive);
      for (const kind of ['geo', 'log']) await put(archive, `late.${kind}`, 'late', 10_000);
      await cycle(archive, { openSource: refusing('late.geo') });
      expect(archive.plane.heartbeats.at(-1)?.jobs[0]).toMatchObject({
        sourceCount: 4,
        countedByInstrument: 8,
        backlogCount: 1,
        purgeAhead: 0,
      });
      expect(archive.plane.invalid).toEqual([]);
    },
  );

  it('F14 are told of only where there are any: the server takes the job’s own files for all', async () => {
    const archive = await open({ sourceCap: 8 });
    await put(archive, 'only.geo', 'only');
    await cycle(archive);
    expect(archive.plane.heartbeats.at(-1)?.jobs[0]).not.toHaveProperty('countedByInstrument');
  });
});

/** The agent as a process of its own, that can be killed. */
function startProcess(archive: ArchiveUnderTest) {
  const flags = ['--server', archive.plane.url, '--state', archive.state, '--quiet-seconds', '0'];
  return spawn(process.execPath, ['agent/main.ts', ...flags, '--heartbeat-seconds', '0.3'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function journalOf({ state }: ArchiveUnderTest): string {
  return readFileSync(join(state, 'journal.jsonl'), 'utf8');
}

describe('agent: F8, killed between the steps of an unseal', () => {
  it.each([
    [
      'the demand is on disk and nothing is archived',
      (archive: ArchiveUnderTest) =>
        archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'silence' } }),
      async (archive: ArchiveUnderTest) => journalOf(archive).includes('"kind":"unseal"'),
    ],
    [
      'the file is archived and the server has not heard',
      (archive: ArchiveUnderTest) => {
        archive.plane.refuse = { endpoint: 'agent-unseal', code: 'unavailable' };
      },
      async (archive: ArchiveUnderTest) => archive.plane.resultsOf(`${SEALED}/late.geo`).length > 0,
    ],
  ])('F8 B18 when %s, the next process archives and unseals', async (_, arrange, isReached) => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo']) await put(archive, `${SEALED}/${name}`, name);
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(join(archive.source, SEALED), long, long);
    await cycle(archive);
    archive.plane.sealed.add(SEALED);
    for (let times = 0; times < 2; times += 1) await cycle(archive);
    await put(archive, `${SEALED}/late.geo`, 'late');
    arrange(archive);
    const child = startProcess(archive);
    await until(() => isReached(archive));
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    archive.files.faults.clear();
    archive.plane.refuse = undefined;
    await cycle(archive);
    await cycle(archive);
    expect(archive.plane.unseals).toMatchObject([{ folder: SEALED }]);
    expect([...archive.plane.sealed]).toEqual([]);
    expect(lastOutcomes(archive)).toEqual({});
    const stored = new Map((await archive.stored()).map(({ path, sha256 }) => [path, sha256]));
    expect(stored).toEqual(await hashesBelow(archive.source));
  });
});
