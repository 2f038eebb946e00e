import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  openTestArchive,
  operator,
  resultOf,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { agentAtNoon, type FileSyncs } from '../../test/support/fileSyncs.ts';
import { stepsOf } from '../platform/runs/index.ts';
import { begin } from './beginRun.ts';
import { complete } from './completeRun.ts';
import { changeJob } from './jobs.ts';

let archive: TestArchive;
let agent: TestAgent;
let syncs: FileSyncs;
beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  ({ agent, syncs } = await agentAtNoon(archive));
});
afterAll(() => archive.close());

describe('begin', () => {
  it('F4 gives the same run for the same correlation id, also to many at once', async () => {
    const correlationId = randomUUID();
    const body = { jobId: agent.jobId, correlationId, trigger: 'schedule' } as const;
    const answers = await Promise.all(Array.from({ length: 6 }, () => begin(archive.services, agent, body)));
    expect(new Set(answers.map((answer) => answer.runId)).size).toBe(1);
    expect(answers.filter((answer) => !answer.resumed)).toHaveLength(1);
    expect(answers[0]?.runId).toMatch(/^file-sync-2026-11-22T12-00-00Z-[0-9a-f]{12}$/);
    const run = await syncs.runRow(answers[0]!.runId);
    expect(run).toMatchObject({ status: 'running', generation: 1, live_key: agent.jobId });
    const steps = await stepsOf(archive.database.db, run);
    expect(steps.map((step) => [step.step, step.status])).toEqual([
      ['init', 'complete'],
      ['compare', 'pending'],
      ['complete', 'pending'],
      ['upload', 'pending'],
    ]);
  });

  it('F4 B33 one live run a job: a new one closes the older as superseded, and that one cannot go on', async () => {
    const older = await syncs.begun();
    archive.services.advance(1000);
    const newer = await syncs.begun();
    expect(await syncs.runRow(older.runId)).toMatchObject({ status: 'stale', status_reason: 'superseded' });
    expect(await syncs.runRow(newer.runId)).toMatchObject({ status: 'running', live_key: agent.jobId });
    const again = { jobId: agent.jobId, correlationId: older.correlationId, trigger: 'schedule' } as const;
    await expect(begin(archive.services, agent, again)).rejects.toMatchObject({ code: 'run-superseded' });
    await expect(syncs.sendManifest(older, [])).rejects.toMatchObject({ code: 'run-superseded' });
  });

  it('F4 of many that begin at once, one run lives and every other is superseded', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => syncs.begun()));
    const rows = await Promise.all(runs.map((run) => syncs.runRow(run.runId)));
    expect(rows.filter((row) => row.status === 'running')).toHaveLength(1);
    expect(rows.filter((row) => row.status_reason === 'superseded')).toHaveLength(4);
  });

  it('A5 F4 knows no other runner’s job and no other runner’s run', async () => {
    const other = await approvedAgent(archive, { hostName: 'ARGO4' });
    const body = { jobId: agent.jobId, correlationId: randomUUID(), trigger: 'schedule' } as const;
    await expect(begin(archive.services, other, body)).rejects.toMatchObject({ code: 'not-found' });
    const run = await syncs.begun();
    const foreign = { correlationId: run.correlationId, results: [resultOf('a.geo')] };
    await expect(complete(archive.services, other, run.runId, foreign)).rejects.toMatchObject({
      code: 'run-unknown',
    });
    const stolen = { ...body, jobId: other.jobId, correlationId: run.correlationId };
    await expect(begin(archive.services, other, stolen)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await syncs.indexRows()).toEqual([]);
  });

  it('F3 F16 begins nothing for a job that is paused or disabled', async () => {
    const decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
    await changeJob(archive.services, decision, { pausedReason: 'the source looks empty' });
    await expect(syncs.begun()).rejects.toMatchObject({ code: 'job-paused' });
    await changeJob(archive.services, decision, { pausedReason: null, enabled: false });
    await expect(syncs.begun()).rejects.toMatchObject({ code: 'job-paused' });
    await changeJob(archive.services, decision, { enabled: true });
    await syncs.begun();
    const job = await archive.database.db
      .selectFrom('jobs')
      .selectAll()
      .where('id', '=', agent.jobId)
      .executeTakeFirstOrThrow();
    expect(job.config_version).toBe(4);
  });

  it('S1 F4 brings a run back that was taken for dead', async () => {
    const run = await syncs.begun();
    await syncs.orphan(run.runId);
    expect(await syncs.begun(run.correlationId)).toEqual(run);
    expect(await syncs.runRow(run.runId)).toMatchObject({
      status: 'running',
      live_key: agent.jobId,
      ended_at: null,
    });
  });
});
