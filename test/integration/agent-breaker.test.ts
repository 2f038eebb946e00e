import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scanHere, type ScanSource } from '../../agent/source/scan.ts';
import {
  archives,
  cycle,
  lastOutcomes,
  put,
  type RunningAgent,
  startAgent,
  until,
} from '../support/agent.ts';
import type { ArchiveUnderTest } from '../support/archive.ts';

const { open, closeAll } = archives();
const agents: RunningAgent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop();
  await closeAll();
});

const FILES = 120;

async function openFull(scheduleSeconds = 1): Promise<ArchiveUnderTest> {
  const archive = await open({ scheduleSeconds });
  for (let index = 0; index < FILES; index += 1)
    await put(archive, `2026-11-2${String(index % 3)}/${String(index)}.geo`, `content ${String(index)}`);
  await cycle(archive);
  expect(archive.plane.index.size).toBe(FILES);
  return archive;
}

function start(archive: ArchiveUnderTest): RunningAgent {
  const agent = startAgent(archive);
  agents.push(agent);
  return agent;
}

/** Starts an agent; gives how often it has looked at the source. */
function startCounted(archive: ArchiveUnderTest): () => number {
  let scans = 0;
  const scan: ScanSource = (request) => {
    scans += 1;
    return scanHere(request);
  };
  agents.push(startAgent(archive, { scan }));
  return () => scans;
}

/** What an unmounted disk leaves: the empty folder below it. */
function unmount(archive: ArchiveUnderTest): () => void {
  const away = `${archive.source}-away`;
  renameSync(archive.source, away);
  mkdirSync(archive.source);
  return () => {
    rmSync(archive.source, { recursive: true });
    renameSync(away, archive.source);
  };
}

function operatorResumes(archive: ArchiveUnderTest): void {
  const [job] = archive.plane.jobs;
  if (job !== undefined)
    archive.plane.setJobs([{ ...job, pausedReason: null, configVersion: job.configVersion + 1 }]);
}

const pausedReason = (archive: ArchiveUnderTest) => archive.plane.jobs[0]?.pausedReason ?? null;
const runsOf = (archive: ArchiveUnderTest) => archive.plane.runs.length;

describe('agent: F16, the breaker', () => {
  it('F16 B30 a source that is suddenly empty pauses its job, and nothing counts as deleted or lost', async () => {
    const archive = await openFull();
    unmount(archive);
    await cycle(archive);
    expect(pausedReason(archive)).toContain('Guard: the source had 120 files and now has 0 files');
    expect(archive.plane.runs.at(-1)).toMatchObject({ status: 'partial' });
    expect(archive.plane.runs.at(-1)?.error).toContain('had 120 files');
    expect(lastOutcomes(archive)).toEqual({});
    expect(await archive.stored()).toHaveLength(FILES);
    const count = runsOf(archive);
    await cycle(archive);
    expect(runsOf(archive)).toBe(count);
    expect(archive.plane.guards).toHaveLength(1);
  });

  it('F16 a missing folder pauses the job of a source that was there; when it is back, the job goes on by itself', async () => {
    const archive = await openFull();
    const agent = start(archive);
    const away = `${archive.source}-away`;
    renameSync(archive.source, away);
    await until(() => pausedReason(archive)?.includes('is missing') ?? false);
    const count = runsOf(archive);
    await put({ ...archive, source: away }, 'new.geo', 'made meanwhile');
    renameSync(away, archive.source);
    await until(() => archive.plane.guards.some(({ verdict }) => verdict === 'well'));
    await until(() => archive.plane.resultsOf('new.geo').length > 0);
    expect(runsOf(archive)).toBeGreaterThan(count);
    expect(pausedReason(archive)).toBeNull();
    expect(agent.lines.join('')).toContain('The job pauses itself');
  });

  it('F16 a source that was cleaned on purpose counts as it is once an operator resumes the job', async () => {
    const archive = await openFull();
    start(archive);
    for (const folder of readdirSync(archive.source))
      rmSync(join(archive.source, folder), { recursive: true });
    await until(() => pausedReason(archive) !== null);
    await put(archive, '2026-11-23/first.geo', 'after the cleaning');
    operatorResumes(archive);
    await until(() => archive.plane.resultsOf('2026-11-23/first.geo').length > 0);
    await until(() => archive.plane.runs.at(-1)?.status === 'complete');
    expect(pausedReason(archive)).toBeNull();
    expect(archive.plane.guards.map(({ verdict }) => verdict)).toEqual(['tripped']);
    expect(await archive.stored()).toHaveLength(FILES + 1);
  });

  it('F16 with the operator’s mark in it a source may be emptied; without the mark it had, it may not', async () => {
    const archive = await openFull();
    const mark = join(archive.source, '.datasync-source');
    writeFileSync(mark, '');
    await cycle(archive);
    for (const folder of readdirSync(archive.source))
      if (folder !== '.datasync-source') rmSync(join(archive.source, folder), { recursive: true });
    await cycle(archive);
    expect(pausedReason(archive)).toBeNull();
    expect(archive.plane.runs.at(-1)?.status).toBe('complete');
    expect((await archive.stored()).map(({ path }) => path)).not.toContain('.datasync-source');
    rmSync(mark);
    await cycle(archive);
    expect(pausedReason(archive)).toContain('.datasync-source is gone');
  });

  it('F16 a source that is mostly rewritten at once pauses before a byte of it is sent; resumed, it is kept beside', async () => {
    const archive = await openFull();
    for (const folder of readdirSync(archive.source))
      for (const name of readdirSync(join(archive.source, folder)))
        await put(archive, `${folder}/${name}`, `encrypted ${name}`, 60);
    await cycle(archive);
    expect(pausedReason(archive)).toContain('120 files of 120 that were archived have new content at once');
    expect(await archive.stored()).toHaveLength(FILES);
    start(archive);
    operatorResumes(archive);
    await until(() => archive.plane.runs.at(-1)?.status === 'complete');
    expect(await archive.stored()).toHaveLength(2 * FILES);
  });

  it('F16 globs that are edited while a job is paused neither end its pause on an empty mount nor keep it when the source is back', async () => {
    const archive = await openFull();
    const mount = unmount(archive);
    await cycle(archive);
    const [job] = archive.plane.jobs;
    if (job === undefined) throw new Error('the job is gone; wanted: one that is paused');
    archive.plane.setJobs([{ ...job, exclude: ['*.tmp'], configVersion: job.configVersion + 1 }]);
    const scans = startCounted(archive);
    await until(() => archive.plane.heartbeats.length > 0 && scans() > 2);
    expect(archive.plane.guards.map(({ verdict }) => verdict)).toEqual(['tripped']);
    mount();
    await until(() => archive.plane.guards.some(({ verdict }) => verdict === 'well'));
    await until(() => archive.plane.runs.at(-1)?.status === 'complete');
    expect(pausedReason(archive)).toBeNull();
  });

  it('F16 with the server down the job pauses by its agent’s own word, which the server hears later', async () => {
    const archive = await openFull();
    archive.plane.down = true;
    const mount = unmount(archive);
    await cycle(archive);
    await cycle(archive);
    expect(archive.plane.guards).toEqual([]);
    archive.plane.down = false;
    await cycle(archive);
    expect(archive.plane.guards).toMatchObject([{ verdict: 'tripped' }]);
    expect(runsOf(archive)).toBe(1);
    mount();
    await cycle(archive);
    await cycle(archive);
    expect(pausedReason(archive)).toBeNull();
    expect(archive.plane.index.size).toBe(FILES);
    expect(existsSync(archive.source)).toBe(true);
  });

  it('F16 F6 what became of files while the server was away is told before the pause, which it would wait for', async () => {
    const archive = await openFull();
    archive.plane.down = true;
    await put(archive, 'made.geo', 'made during the outage');
    await cycle(archive);
    unmount(archive);
    await cycle(archive);
    archive.plane.down = false;
    await cycle(archive);
    expect(archive.plane.resultsOf('made.geo').map(({ outcome }) => outcome)).toEqual(['archived']);
    expect(pausedReason(archive)).toContain('Guard: the source had 121 files');
    expect(archive.plane.runs.at(-1)).toMatchObject({ status: 'partial' });
    expect(archive.plane.runs.at(-1)?.error).toContain('had 121 files');
  });

  it('F16 a server whose restored database knows nothing of the pause is told again, and the job can be resumed', async () => {
    const archive = await openFull(3600);
    const [before] = archive.plane.jobs;
    unmount(archive);
    const looks = startCounted(archive);
    // The second one is because of the pause: it has been heard of.
    await until(() => looks() > 1);
    archive.plane.setJobs(before === undefined ? [] : [before]);
    await until(() => archive.plane.guards.length > 1);
    expect(archive.plane.guards.map(({ verdict }) => verdict)).toEqual(['tripped', 'tripped']);
    expect(pausedReason(archive)).toContain('Guard: the source had 120 files');
    await until(() => looks() > 3);
    operatorResumes(archive);
    await until(() => archive.plane.runs.at(-1)?.status === 'complete');
  });

  it('F16 a resume that comes before the agent has heard of its own pause stands', async () => {
    const archive = await openFull();
    unmount(archive);
    archive.plane.refuse = { endpoint: 'agent-heartbeat', code: 'unavailable' };
    const looks = startCounted(archive);
    await until(() => archive.plane.guards.length > 0);
    operatorResumes(archive);
    const before = looks();
    await until(() => looks() > before + 1);
    archive.plane.refuse = undefined;
    await until(() => archive.plane.runs.at(-1)?.status === 'complete');
    expect(archive.plane.guards).toHaveLength(1);
  });

  it('F16 an instrument that purges its oldest files, even all that were known, is no reason to pause', async () => {
    const archive = await openFull();
    for (const folder of readdirSync(archive.source))
      rmSync(join(archive.source, folder), { recursive: true });
    for (let index = 0; index < FILES; index += 1)
      await put(archive, `2026-11-25/${String(index)}.geo`, `newer ${String(index)}`);
    await cycle(archive);
    expect(pausedReason(archive)).toBeNull();
    expect(archive.plane.index.size).toBe(2 * FILES);
  });
});
