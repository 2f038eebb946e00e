import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  begunRun,
  enrolmentRequest,
  heartbeatBody,
  openTestArchive,
  operator,
  resultOf,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { approveEnrolment } from './approval.ts';
import { complete } from './completeRun.ts';
import { enrol } from './enrolment.ts';
import { type HeartbeatBody, takeHeartbeat } from './heartbeat.ts';
import { changeJob, orderSync } from './jobs.ts';
import { changeRunner } from './runnerChange.ts';

let archive: TestArchive;
let agent: Awaited<ReturnType<typeof approvedAgent>>;
beforeEach(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
  archive.shares.asked.length = 0;
});
afterEach(() => archive.close());

const beat = (more: Partial<HeartbeatBody> = {}) =>
  takeHeartbeat(archive.services, agent, heartbeatBody(more), '10.0.0.7');
const runnerRow = () => archive.database.db.selectFrom('runners').selectAll().executeTakeFirstOrThrow();
const gauge = (more: Partial<HeartbeatBody['jobs'][number]> = {}) => ({
  jobId: agent.jobId,
  configVersion: 1,
  sourceCount: 500,
  sourceBytes: 5_000_000_000,
  sourceCap: null,
  backlogCount: 12,
  backlogBytes: 3_000_000_000,
  oldestUnsyncedMs: 1_769_000_000_000,
  ...more,
});
const minute = () => {
  archive.services.advance(60_000);
};

describe('takeHeartbeat', () => {
  it('F2 stores how the agent is, by the server’s clock', async () => {
    const answer = await beat({
      clock: '2026-11-22T11:00:00.000Z',
      active_jobs: [agent.jobId],
      jobs: [gauge()],
    });
    expect(answer).toEqual({
      runnerId: 'argo3',
      serverTime: '2026-11-22T12:00:00.000Z',
      heartbeatSeconds: 60,
      commands: [],
    });
    expect(await runnerRow()).toMatchObject({
      last_heartbeat: archive.services.now(),
      clock_offset_ms: -3_600_000,
      active_jobs: 1,
      azure_files_status: 'ok',
      address: '10.0.0.7',
    });
    const job = await archive.database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
    expect(job).toMatchObject({ source_count: 500, source_bytes: 5_000_000_000, backlog_count: 12 });
    expect(job.config_version).toBe(1);
  });

  it('F2 sends all jobs when any differs from what the agent named, and none otherwise', async () => {
    expect((await beat()).jobs).toMatchObject([
      { jobId: agent.jobId, sourcePath: 'C:\\Argo\\Data', configVersion: 1 },
    ]);
    expect((await beat({ jobs: [gauge()] })).jobs).toBeUndefined();
    const decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
    await changeJob(archive.services, decision, { enabled: false, include: ['*.geo'] });
    const changed = await beat({ jobs: [gauge()] });
    expect(changed.jobs).toMatchObject([{ enabled: false, include: ['*.geo'], configVersion: 2 }]);
    expect((await beat({ jobs: [gauge({ configVersion: 2 }), gauge({ jobId: 'gone' })] })).jobs).toHaveLength(
      1,
    );
  });

  it('F14 keeps what the purge forecast needs, and how old it is', async () => {
    const counted = { producedLastHour: 40, producedLastDay: 700, producedPeakHour: 90 };
    const speed = { uploadBytesPerSecond: 2_000_000, uploadFilesPerHour: null };
    const aged = { purgeAhead: 488, countedByInstrument: 900, measuredSecondsAgo: 120, ...counted, ...speed };
    await beat({ jobs: [gauge(aged)] });
    const read = () => archive.database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
    expect(await read()).toMatchObject({
      purge_ahead: 488,
      counted_by_instrument: 900,
      produced_last_hour: 40,
      produced_last_day: 700,
      produced_peak_hour: 90,
      upload_bytes_per_second: 2_000_000,
      upload_files_per_hour: null,
      source_reported_at: new Date(archive.services.now().getTime() - 120_000),
    });
    // Its process has just started and has not counted yet.
    await beat({ jobs: [gauge({ sourceCount: 0, backlogCount: 0 })] });
    expect(await read()).toMatchObject({ source_count: 500, produced_last_day: 700 });
    await beat({ jobs: [gauge({ sourceCount: 0, ...counted })] });
    expect(await read()).toMatchObject({
      source_count: 0,
      purge_ahead: null,
      counted_by_instrument: null,
    });
  });

  it('F2 A5 takes no gauges for a job of another runner', async () => {
    const other = await approvedAgent(archive, { hostName: 'ARGO4' });
    await beat({ jobs: [gauge({ jobId: other.jobId })] });
    const job = await archive.database.db
      .selectFrom('jobs')
      .select('source_count')
      .where('id', '=', other.jobId)
      .executeTakeFirstOrThrow();
    expect(job.source_count).toBeNull();
  });

  const inHours = (hours: number) =>
    new Date(archive.services.now().getTime() + hours * 3_600_000).toISOString();

  it('F2 D7 issues a credential when the key was exchanged since the one that is held was signed, or while hosts learn it', async () => {
    const expiresIn23Hours = { credentialExpiresAt: inHours(23) }; // signed an hour ago
    archive.shares.exchangedAt = new Date(inHours(-2));
    expect((await beat(expiresIn23Hours)).credentials).toBeUndefined();
    archive.shares.exchangedAt = new Date(inHours(-1.05)); // three minutes before that
    expect((await beat(expiresIn23Hours)).credentials).toHaveLength(1);
    archive.shares.exchangedAt = new Date(inHours(-0.5));
    expect((await beat(expiresIn23Hours)).credentials).toHaveLength(1);
    archive.shares.exchangedAt = undefined;
  });

  it('F2 issues a credential when it is missing, refused or ends soon, and otherwise asks the storage account nothing', async () => {
    expect((await beat({ credentialExpiresAt: inHours(17) })).credentials).toBeUndefined();
    expect(archive.shares.asked).toEqual([]);
    expect((await beat({ credentialExpiresAt: inHours(15) })).credentials).toMatchObject([
      { shareName: 'runner-argo3', expiresAt: inHours(24) },
    ]);
    expect(archive.shares.asked).toEqual(['issue runner-argo3']);
    await beat({ credentialExpiresAt: null });
    expect(archive.shares.asked.slice(1)).toEqual(['ensure runner-argo3', 'issue runner-argo3']);
    expect((await runnerRow()).credential_expires_at?.toISOString()).toBe(inHours(24));
  });

  it('F2 F7 is answered while the storage account is down', async () => {
    archive.shares.fails = true;
    const answer = await beat({ credentialExpiresAt: null, azureFilesStatus: 'unreachable' });
    expect(answer.credentials).toBeUndefined();
    expect(await runnerRow()).toMatchObject({ azure_files_status: 'unreachable' });
  });

  const issuedAfter = (cutOff: () => Promise<unknown>) => {
    const issue = archive.shares.issueCredential;
    archive.shares.issueCredential = async (shareName, now) => {
      archive.shares.issueCredential = issue;
      await cutOff();
      return issue(shareName, now);
    };
  };

  it('F1 B48 what was signed after the runner was disabled is not answered', async () => {
    const { organizationId, runnerId } = agent;
    const decision = { organizationId, actor: operator, runnerId };
    issuedAfter(() => changeRunner(archive.services, decision, { status: 'disabled' }));
    await expect(beat({ credentialExpiresAt: null })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(archive.shares.asked.slice(1)).toEqual(['revoke runner-argo3', 'issue runner-argo3']);
    expect((await runnerRow()).credential_expires_at).toBeNull();
  });

  it('F1 B48 what was signed after another agent was approved is not answered', async () => {
    const { enrolmentId } = await enrol(archive.services, enrolmentRequest(), '10.0.0.9');
    const { organizationId, runnerId } = agent;
    const approval = { organizationId, actor: operator, enrolmentId, runnerId };
    issuedAfter(() => approveEnrolment(archive.services, approval));
    await expect(beat({ credentialExpiresAt: null })).rejects.toMatchObject({ code: 'runner-superseded' });
    expect((await runnerRow()).credential_expires_at).toBeNull();
  });

  it('F2 the SAS is in no row and no log line', async () => {
    await beat({ credentialExpiresAt: null });
    expect(JSON.stringify([await runnerRow(), archive.services.lines])).not.toContain('sig=');
  });

  it('F10 repeats a command until it is acknowledged; asking again meanwhile gives the same one', async () => {
    const decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
    const ids = await Promise.all([1, 2, 3, 4].map(() => orderSync(archive.services, decision)));
    expect(new Set(ids).size).toBe(1);
    const commands = [{ commandId: ids[0], kind: 'sync_now', jobId: agent.jobId }];
    expect((await beat()).commands).toEqual(commands);
    expect((await beat()).commands).toEqual(commands);
    expect((await beat({ acknowledgedCommandIds: [ids[0]!] })).commands).toEqual([]);
    expect(await orderSync(archive.services, decision)).not.toBe(ids[0]);
  });

  it('F10 A5 acknowledges no other runner’s command', async () => {
    const decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
    const commandId = await orderSync(archive.services, decision);
    const other = await approvedAgent(archive, { hostName: 'ARGO4' });
    await takeHeartbeat(
      archive.services,
      other,
      heartbeatBody({ acknowledgedCommandIds: [commandId] }),
      '10.0.0.8',
    );
    expect((await beat()).commands).toHaveLength(1);
  });

  it('F1 B48 refuses the younger of two live agents under one key, alerts, and keeps the older', async () => {
    await beat({ instanceNonce: 'older-one' });
    minute();
    await beat({ instanceNonce: 'younger-one' });
    minute();
    await beat({ instanceNonce: 'older-one' });
    for (let count = 0; count < 2; count += 1) {
      await expect(beat({ instanceNonce: 'younger-one' })).rejects.toMatchObject({ code: 'instance-cloned' });
      await beat({ instanceNonce: 'older-one' });
    }
    const alerts = await archive.database.db.selectFrom('alerts').selectAll().execute();
    expect(alerts).toMatchObject([
      { fingerprint: 'instance-cloned:argo3', class: 'security', runner_id: 'argo3' },
    ]);
  });

  it('F1 B48 of three processes with one key the oldest goes on, and the others are refused', async () => {
    for (const instanceNonce of ['one-aaaa', 'two-bbbb', 'three-cc', 'one-aaaa']) {
      await beat({ instanceNonce });
      minute();
    }
    for (const instanceNonce of ['two-bbbb', 'three-cc'])
      await expect(beat({ instanceNonce })).rejects.toMatchObject({ code: 'instance-cloned' });
    await beat({ instanceNonce: 'one-aaaa' });
    const alerts = await archive.database.db.selectFrom('alerts').select(['class', 'seen_count']).execute();
    expect(alerts).toEqual([{ class: 'security', seen_count: 1 }]);
  });

  it('F1 S8 approving a new agent resolves the alert about the shared key', async () => {
    for (const instanceNonce of ['older-one', 'younger-one', 'older-one']) {
      await beat({ instanceNonce });
      minute();
    }
    const request = enrolmentRequest();
    const { enrolmentId } = await enrol(archive.services, request, '10.0.0.9');
    const { runnerId, organizationId } = agent;
    await approveEnrolment(archive.services, { organizationId, actor: operator, enrolmentId, runnerId });
    const alerts = await archive.database.db.selectFrom('alerts').select('status').execute();
    expect(alerts).toEqual([{ status: 'resolved' }]);
  });

  it('F1 B48 two heartbeats of two processes at once leave one live process, whatever the order', async () => {
    await Promise.all(['one-aaaa', 'two-bbbb', 'three-cc'].map((instanceNonce) => beat({ instanceNonce })));
    const runner = await runnerRow();
    expect(['one-aaaa', 'two-bbbb', 'three-cc']).toContain(runner.instance_nonce);
    expect(runner.previous_nonce).not.toBe(runner.instance_nonce);
    expect(runner.refused_nonce).toBeNull();
  });

  it('F1 a restarted agent is no clone, and its last word delivered late is none either', async () => {
    await beat({ instanceNonce: 'before-1' });
    minute();
    await beat({ instanceNonce: 'after-01' });
    archive.services.advance(5000);
    await beat({ instanceNonce: 'before-1' });
    await beat({ instanceNonce: 'after-01' });
    expect(await archive.database.db.selectFrom('alerts').selectAll().execute()).toEqual([]);
  });

  it('F1 a key that lost its runner between the edge and here is superseded', async () => {
    await beat();
    await archive.database.db.updateTable('runners').set({ generation: 2 }).execute();
    await expect(beat()).rejects.toMatchObject({ code: 'runner-superseded' });
  });

  it('F4 A5 keeps no other runner’s run alive, and shows no files in it', async () => {
    const run = await begunRun(archive, agent);
    const before = await archive.database.db.selectFrom('sync_runs').selectAll().executeTakeFirstOrThrow();
    const other = await approvedAgent(archive, { hostName: 'ARGO4' });
    minute();
    const file = {
      sizeBytes: 1,
      bytesSent: 0,
      attempts: 1,
      error: null,
      path: 'x.geo',
      state: 'waiting',
    } as const;
    const body = heartbeatBody({ inFlight: [{ ...file, runId: run.runId }], active_jobs: [agent.jobId] });
    await takeHeartbeat(archive.services, other, body, '10.0.0.8');
    expect(await archive.database.db.selectFrom('sync_run_files').selectAll().execute()).toEqual([]);
    const after = await archive.database.db.selectFrom('sync_runs').selectAll().executeTakeFirstOrThrow();
    expect(after.last_activity_at).toEqual(before.last_activity_at);
  });

  it('F4 shows files in flight of live runs, keeps the runs alive, and never undoes an outcome', async () => {
    const run = await begunRun(archive, agent);
    await complete(archive.services, agent, run.runId, {
      ...run,
      results: [resultOf('d/done.geo')],
    });
    minute();
    const file = { runId: run.runId, sizeBytes: 100, bytesSent: 40, attempts: 1, error: null };
    const inFlight = [
      { ...file, path: 'd/new.geo', state: 'uploading' as const },
      { ...file, path: 'd/done.geo', state: 'uploading' as const },
      { ...file, runId: 'no-such-run', path: 'd/x.geo', state: 'waiting' as const },
    ];
    await beat({ inFlight, active_jobs: [agent.jobId] });
    const rows = await archive.database.db
      .selectFrom('sync_run_files')
      .select(['path', 'state', 'bytes_sent'])
      .orderBy('path')
      .execute();
    expect(rows).toEqual([
      { path: 'd/done.geo', state: 'archived', bytes_sent: 1000 },
      { path: 'd/new.geo', state: 'uploading', bytes_sent: 40 },
    ]);
    const row = await archive.database.db.selectFrom('sync_runs').selectAll().executeTakeFirstOrThrow();
    expect(row.last_activity_at).toEqual(archive.services.now());
  });
});
