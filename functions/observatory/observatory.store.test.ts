import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  approvedAgent,
  begunRun,
  enrolmentRequest,
  heartbeatBody,
  openTestArchive,
  resultOf,
  type TestAgent,
  type TestArchive,
  unarchived,
} from '../../test/support/archiveServices.ts';
import * as contract from '../../shared/contract/fleet.ts';
import type { FileResult } from '../../shared/contract/agents.ts';
import { complete } from '../archive/completeRun.ts';
import { enrol } from '../archive/enrolment.ts';
import { takeHeartbeat } from '../archive/heartbeat.ts';
import { changeJob } from '../archive/index.ts';
import { readFleet, readRunner } from './fleet.ts';
import { readRun, readRunFiles, readRuns } from './runs.ts';

let archive: TestArchive;
let agent: TestAgent;
beforeEach(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
});
afterEach(() => archive.close());

async function finishedRun(results: FileResult[], by: TestAgent = agent, error: string | null = null) {
  const run = await begunRun(archive, by, randomUUID());
  const closing = { expectedResults: results.length, filesExamined: 9, error };
  await complete(archive.services, by, run.runId, { correlationId: run.correlationId, results, closing });
  archive.services.advance(1000);
  return run;
}
const beat = (more: Parameters<typeof heartbeatBody>[0] = {}, by: TestAgent = agent) =>
  takeHeartbeat(archive.services, by, heartbeatBody(more), '10.0.0.7');
const gauge = (backlogCount: number) => ({
  jobId: agent.jobId,
  configVersion: 1,
  sourceCount: 40,
  sourceBytes: 4000,
  sourceCap: null,
  backlogCount,
  backlogBytes: backlogCount * 100,
  oldestUnsyncedMs: null,
});
const fleet = async (organizationId = 'org') => {
  const view = await readFleet(archive.services, organizationId);
  return contract.fleet.response.parse(view);
};
const minutes = (count: number) => {
  archive.services.advance(count * 60_000);
};

describe('the fleet', () => {
  it('L5 says in one sentence that all is safe, and when it is not: who, since when and what to do', async () => {
    await finishedRun([resultOf('a.geo')]);
    await beat({ jobs: [gauge(0)] });
    expect((await fleet()).risk).toEqual({
      level: 'safe',
      sentence: 'ARGO3, the one instrument, is safe.',
      action: null,
    });
    await beat({ jobs: [gauge(12)] });
    minutes(25);
    const { risk, runners } = await fleet();
    expect(risk.level).toBe('danger');
    expect(risk.sentence).toBe(
      '1 of 1 instrument is at risk: ARGO3: Silent for 25 min, with 12 files not archived when last heard of.',
    );
    expect(runners[0]).toMatchObject({ presence: 'offline', runnerId: 'argo3' });
  });

  it('L5 shows each job with its gauges, what is archived, and its newest run', async () => {
    await finishedRun([resultOf('a.geo'), resultOf('b.geo')]);
    const failed = await finishedRun([], agent, 'the source cannot be read');
    await beat({ jobs: [gauge(3)] });
    const [runner] = (await fleet()).runners;
    expect(runner?.jobs).toMatchObject([
      {
        jobId: agent.jobId,
        sourceCount: 40,
        backlogCount: 3,
        archivedCount: 2,
        archivedBytes: 2000,
        lastRun: { runId: failed.runId, status: 'failed', jobName: 'geometry', runnerName: 'ARGO3' },
        lastGoodRunAt: '2026-11-22T12:00:00.000Z',
        risk: { level: 'attention' },
      },
    ]);
  });

  it('L5 counts what was archived by the hour of the last day, and not what was there already', async () => {
    await finishedRun([resultOf('a.geo'), resultOf('b.geo')]);
    minutes(120);
    await finishedRun([resultOf('c.geo'), resultOf('d.geo', { outcome: 'already_archived' })]);
    minutes(60);
    const [row] = (await fleet()).archivedPerHour;
    expect(row?.hours).toHaveLength(24);
    expect(row?.hours.slice(-5)).toEqual([0, 2, 0, 1, 0]);
    minutes(24 * 60);
    expect((await fleet()).archivedPerHour[0]?.hours.some((files) => files > 0)).toBe(false);
  });

  it('F14 S8 a lost file puts its job in danger, with the number', async () => {
    await finishedRun([unarchived('x.geo', 'vanished'), unarchived('y.geo', 'vanished')]);
    await beat({ jobs: [gauge(0)] });
    const { risk, alerts } = await fleet();
    expect(risk.sentence).toContain('2 files were deleted from the source before being archived.');
    expect(alerts).toMatchObject([{ severity: 'critical', count: 2, jobId: agent.jobId }]);
  });

  it('F1 counts the agents that wait', async () => {
    await enrol(archive.services, enrolmentRequest(), '10.0.0.9');
    expect((await fleet()).pendingAgents).toBe(1);
    minutes(25 * 60);
    expect((await fleet()).pendingAgents).toBe(0);
  });

  it('A5 another organization sees nothing of it', async () => {
    await addOrganization(archive.database, 'other', archive.services.now());
    const { runId } = await finishedRun([resultOf('a.geo')]);
    const view = await fleet('other');
    expect(view).toMatchObject({ runners: [], alerts: [], pendingAgents: 0, archivedPerHour: [] });
    const { services } = archive;
    await expect(readRunner(services, 'other', agent.runnerId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(readRun(services, 'other', runId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(readRunFiles(services, 'other', runId, {})).rejects.toMatchObject({ code: 'not-found' });
    expect((await readRuns(services, 'other', {})).runs).toEqual([]);
  });
});

describe('a runner', () => {
  it('L5 shows its jobs and what is in flight, uploading first', async () => {
    const run = await begunRun(archive, agent);
    const file = { runId: run.runId, sizeBytes: 100, bytesSent: 40, attempts: 1, error: null };
    const waiting = { ...file, path: 'a.geo', state: 'waiting' as const, bytesSent: 0 };
    const uploading = { ...file, path: 'b.geo', state: 'uploading' as const, attempts: 2, error: 'slow' };
    await beat({ inFlight: [waiting, uploading], active_jobs: [agent.jobId] });
    const view = contract.runner.response.parse(await readRunner(archive.services, 'org', agent.runnerId));
    expect(view.inFlight).toEqual([uploading, waiting]);
    expect(view.runner).toMatchObject({ activeJobs: 1, presence: 'online', generation: 1 });
  });

  it('F3 a job that an operator paused says so', async () => {
    const decision = {
      organizationId: 'org',
      actor: { kind: 'system', name: 'test' },
      runnerId: agent.runnerId,
    } as const;
    await changeJob(
      archive.services,
      { ...decision, jobId: agent.jobId },
      { pausedReason: 'the source looks empty' },
    );
    const { runner } = await readRunner(archive.services, 'org', agent.runnerId);
    expect(runner.jobs[0]?.risk.sentence).toBe('Paused: the source looks empty');
  });
});

describe('the runs feed', () => {
  it('O1 pages newest first without losing or repeating a run, while new ones begin', async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push((await finishedRun([])).runId);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readRuns(archive.services, 'org', { cursor, limit: 3 });
      contract.runs.response.parse(page);
      seen.push(...page.runs.map((run) => run.runId));
      cursor = page.nextCursor ?? undefined;
      await finishedRun([]);
    } while (cursor !== undefined);
    expect(seen).toEqual(made.toReversed());
  });

  it('O1 finds runs by prefix, where % and _ mean nothing, and by type, status, job and time', async () => {
    const good = await finishedRun([resultOf('a.geo')]);
    minutes(60);
    const bad = await finishedRun([], agent, 'no source');
    const idsOf = async (query: Parameters<typeof readRuns>[2]) =>
      (await readRuns(archive.services, 'org', query)).runs.map((run) => run.runId);
    expect(await idsOf({ prefix: 'file-sync-2026-11-22T12' })).toEqual([good.runId]);
    expect(await idsOf({ prefix: 'file-sync-2026-11-22' })).toEqual([bad.runId, good.runId]);
    expect(await idsOf({ prefix: 'file_sync' })).toEqual([]);
    expect(await idsOf({ prefix: '%' })).toEqual([]);
    expect(await idsOf({ status: 'failed' })).toEqual([bad.runId]);
    expect(await idsOf({ syncType: 'tga_sync' })).toEqual([]);
    expect(
      await idsOf({ jobId: agent.jobId, runnerId: agent.runnerId, to: '2026-11-22T12:30:00.000Z' }),
    ).toEqual([good.runId]);
    expect(await idsOf({ from: '2026-11-22T12:30:00.000Z' })).toEqual([bad.runId]);
  });

  it('O1 a prefix is paged through by id, the newest of a kind first', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.push((await finishedRun([resultOf('a.geo')])).runId);
      minutes(5);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readRuns(archive.services, 'org', {
        prefix: 'file-sync-2026',
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.runs.map((run) => run.runId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made.toReversed());
  });

  it('O1 refuses a cursor that it did not give out', async () => {
    await expect(readRuns(archive.services, 'org', { cursor: 'bm9wZQ' })).rejects.toThrow('cursor');
  });
});

describe('a run', () => {
  it('O2 F4 shows its steps in order, its status and what to do about it', async () => {
    const run = await finishedRun([resultOf('a.geo'), unarchived('b.geo', 'unreadable')]);
    const view = contract.run.response.parse(await readRun(archive.services, 'org', run.runId));
    expect(view.run).toMatchObject({ status: 'partial', filesArchived: 1, filesFailed: 1, filesExamined: 9 });
    expect(view.steps.map((step) => [step.step, step.status, step.seq])).toEqual([
      ['init', 'complete', 1],
      ['compare', 'complete', 2],
      ['upload', 'complete', 3],
      ['complete', 'complete', 4],
    ]);
    expect(view.advice).toContain('failed files');
  });

  it('O2 W6 advises on a workflow without a word of an agent', async () => {
    const { runId } = await finishedRun([resultOf('a.geo')]);
    const { services, database } = archive;
    const set = { status: 'stale', code_version: 'v1' } as const;
    await database.db.updateTable('sync_runs').set(set).where('id', '=', runId).execute();
    const { advice } = await readRun(services, 'org', runId);
    expect(advice).toMatch(/retry/i);
    expect(advice).not.toMatch(/agent|archived/i);
  });

  it('F4 F15 lists what became of each file: paged, by state, and by part of its name', async () => {
    const names = ['100%_a.geo', '100xya.geo', 'B[1].geo', 'b1.geo', 'back\\slash.geo', 'z\u{1F600}.geo'];
    const results = names.map((name, index) => (index === 3 ? unarchived(name, 'locked') : resultOf(name)));
    const { runId } = await finishedRun(
      results.map((each) => (each.path.includes('\\') ? unarchived(each.path, 'name_unsupported') : each)),
    );
    const pathsOf = async (query: Parameters<typeof readRunFiles>[3]) =>
      (await readRunFiles(archive.services, 'org', runId, query)).files.map((file) => file.path);
    expect(await pathsOf({ search: '100%_' })).toEqual(['100%_a.geo']);
    expect(await pathsOf({ search: 'b[1]' })).toEqual(['B[1].geo']);
    expect(await pathsOf({ search: '\\' })).toEqual(['back\\slash.geo']);
    expect(await pathsOf({ state: 'skipped' })).toHaveLength(2);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readRunFiles(archive.services, 'org', runId, { cursor, limit: 2 });
      contract.runFiles.response.parse(page);
      seen.push(...page.files.map((file) => file.path));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(names.toSorted());
  });
});
