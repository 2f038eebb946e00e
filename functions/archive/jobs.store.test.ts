import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  anotherAgent,
  openTestArchive,
  operator,
  proposed,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { addJob, changeJob, orderSync } from './jobs.ts';

let archive: TestArchive;
let agent: TestAgent;
let decision: { organizationId: string; actor: typeof operator; runnerId: string; jobId: string };
beforeAll(async () => {
  archive = await openTestArchive();
  await addOrganization(archive.database, 'other', archive.services.now());
});
beforeEach(async () => {
  agent = await anotherAgent(archive);
  decision = { organizationId: 'org', actor: operator, runnerId: agent.runnerId, jobId: agent.jobId };
});
afterAll(() => archive.close());

const jobRow = (jobId = agent.jobId) =>
  archive.database.db.selectFrom('jobs').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow();
const auditOf = (jobId: string) =>
  archive.database.db
    .selectFrom('audit_log')
    .select(['action', 'actor', 'detail_json'])
    .where('subject_id', '=', jobId)
    .orderBy('id')
    .execute();

describe('F3, limits', () => {
  it('F3 a runner has no more jobs than a heartbeat may name', async () => {
    for (let count = 1; count < 100; count += 1)
      await addJob(
        archive.services,
        decision,
        proposed(`job ${String(count)}`, { sharePath: String(count) }),
      );
    await expect(
      addJob(archive.services, decision, proposed('one more', { sharePath: 'more' })),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('at most 100') });
  });
});

describe('changeJob', () => {
  it('F3 A3 raises the configuration’s version and says who changed what', async () => {
    await changeJob(archive.services, decision, { scheduleSeconds: 60, exclude: ['*.tmp'], sourceCap: 500 });
    expect(await jobRow()).toMatchObject({
      schedule_seconds: 60,
      exclude_json: ['*.tmp'],
      source_cap: 500,
      config_version: 2,
    });
    expect(await auditOf(agent.jobId)).toMatchObject([
      { action: 'job.updated', actor: 'operator@example.org', detail_json: { configVersion: 2 } },
    ]);
  });

  it('F3 a change that changes nothing bothers no agent', async () => {
    await changeJob(archive.services, decision, { enabled: true, include: [], pausedReason: null });
    expect(await jobRow()).toMatchObject({ config_version: 1, version: 1 });
    expect(await auditOf(agent.jobId)).toEqual([]);
  });

  it('F3 of two operators at once, nobody’s change is lost unnoticed', async () => {
    const answers = await Promise.allSettled(
      [60, 61, 62, 63].map((scheduleSeconds) => changeJob(archive.services, decision, { scheduleSeconds })),
    );
    const done = answers.filter((answer) => answer.status === 'fulfilled').length;
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' });
    }
    expect(await jobRow()).toMatchObject({ config_version: 1 + done });
    expect(await auditOf(agent.jobId)).toHaveLength(done);
  });

  it('A5 knows neither another organization’s job nor another runner’s', async () => {
    const wrong = [
      { ...decision, organizationId: 'other' },
      { ...decision, runnerId: 'nobody' },
      { ...decision, jobId: 'nothing' },
    ];
    for (const each of wrong) {
      await expect(changeJob(archive.services, each, { enabled: false })).rejects.toMatchObject({
        code: 'not-found',
      });
      await expect(orderSync(archive.services, each)).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(await jobRow()).toMatchObject({ enabled: true });
  });
});

describe('addJob', () => {
  it('F3 adds a job on the runner’s share, with a readable id', async () => {
    const jobId = await addJob(
      archive.services,
      decision,
      proposed('Raw logs', { sharePath: 'logs/raw', kind: 'tree' }),
    );
    expect(jobId).toBe(`${agent.runnerId}.raw-logs`);
    expect(await jobRow(jobId)).toMatchObject({
      share_path: 'logs/raw',
      kind: 'tree',
      enabled: true,
      config_version: 1,
    });
    expect(await auditOf(jobId)).toMatchObject([{ action: 'job.created' }]);
  });

  it('F3 B26 refuses a second job of one name or of one place on the share, though letters differ in case', async () => {
    await addJob(archive.services, decision, proposed('Raw logs', { sharePath: 'logs/raw' }));
    for (const twin of [
      proposed('RAW LOGS ', { sharePath: 'x' }),
      proposed('y', { sharePath: 'Logs/RAW' }),
    ]) {
      await expect(addJob(archive.services, decision, twin)).rejects.toMatchObject({ code: 'conflict' });
    }
  });

  it('F3 of many that add the same job at once, one does', async () => {
    const answers = await Promise.allSettled(
      [1, 2, 3, 4].map(() => addJob(archive.services, decision, proposed('same', { sharePath: 'same' }))),
    );
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  });

  it('A5 adds nothing to another organization’s runner', async () => {
    const wrong = { ...decision, organizationId: 'other' };
    await expect(addJob(archive.services, wrong, proposed('x'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('orderSync', () => {
  it('F10 A3 is in the audit log once, and refuses a job that its agent would not sync', async () => {
    await orderSync(archive.services, decision);
    await orderSync(archive.services, decision);
    expect(await auditOf(agent.jobId)).toMatchObject([{ action: 'job.sync_ordered' }]);
    await changeJob(archive.services, decision, { enabled: false });
    await expect(orderSync(archive.services, decision)).rejects.toMatchObject({ code: 'job-paused' });
    await changeJob(archive.services, decision, { enabled: true, pausedReason: 'the source looks empty' });
    await expect(orderSync(archive.services, decision)).rejects.toMatchObject({ code: 'job-paused' });
  });
});
