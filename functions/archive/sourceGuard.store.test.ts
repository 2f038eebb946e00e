import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anotherAgent,
  openTestArchive,
  operator,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { begin } from './beginRun.ts';
import { changeJob } from './jobs.ts';
import { takeGuardWord } from './sourceGuard.ts';

let archive: TestArchive;
let agent: TestAgent;
beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  agent = await anotherAgent(archive);
});
afterAll(() => archive.close());

const say = (verdict: 'tripped' | 'well', reason = 'the source is empty') =>
  takeGuardWord(archive.services, agent, { jobId: agent.jobId, verdict, reason }, 'c-1');
const operatorSets = (pausedReason: string | null) =>
  changeJob(
    archive.services,
    { organizationId: agent.organizationId, actor: operator, runnerId: agent.runnerId, jobId: agent.jobId },
    { pausedReason },
  );
const alerts = () =>
  archive.database.db
    .selectFrom('alerts')
    .select(['severity', 'status'])
    .where('job_id', '=', agent.jobId)
    .execute();

describe('the guard’s word', () => {
  it('F16 pauses the job and alerts; repeating it changes nothing', async () => {
    const answers = [await say('tripped'), await say('tripped', 'again')];
    const paused = { configVersion: 2, pausedReason: 'Guard: the source is empty' };
    expect(answers).toEqual([paused, paused]);
    expect(await alerts()).toEqual([{ severity: 'critical', status: 'open' }]);
    const body = { jobId: agent.jobId, correlationId: randomUUID(), trigger: 'schedule' } as const;
    await expect(begin(archive.services, agent, body)).rejects.toMatchObject({ code: 'job-paused' });
    const audited = archive.database.db
      .selectFrom('audit_log')
      .select(['action', 'actor_kind'])
      .where('subject_id', '=', agent.jobId)
      .where('actor_kind', '=', 'agent');
    expect(await audited.execute()).toEqual([{ action: 'job.paused', actor_kind: 'agent' }]);
  });

  it('F16 an operator’s resume ends the pause and the alert', async () => {
    await say('tripped');
    await operatorSets(null);
    expect(await alerts()).toEqual([{ severity: 'critical', status: 'resolved' }]);
    const body = { jobId: agent.jobId, correlationId: randomUUID(), trigger: 'schedule' } as const;
    expect(await begin(archive.services, agent, body)).toMatchObject({ status: 'running' });
  });

  it('F16 a source that is again what it was ends the guard’s own pause', async () => {
    await say('tripped');
    expect(await say('well')).toEqual({ configVersion: 3, pausedReason: null });
    expect(await say('well')).toEqual({ configVersion: 3, pausedReason: null });
    expect(await alerts()).toEqual([{ severity: 'critical', status: 'resolved' }]);
  });

  it('F16 a pause by an operator is never touched', async () => {
    await operatorSets('we move the instrument');
    const left = { configVersion: 2, pausedReason: 'we move the instrument' };
    expect([await say('tripped'), await say('well')]).toEqual([left, left]);
    expect(await alerts()).toEqual([]);
  });

  it('F16 knows no job of another runner', async () => {
    const other = await anotherAgent(archive);
    const body = { jobId: agent.jobId, verdict: 'tripped', reason: 'x' } as const;
    await expect(takeGuardWord(archive.services, other, body, 'c')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
