import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  approvedAgent,
  enrolmentRequest,
  heartbeatBody,
  openTestArchive,
  operator,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { approveEnrolment } from './approval.ts';
import { enrol } from './enrolment.ts';
import { sweepShareAccess } from '../sweepers/shareAccess.ts';
import { changeRunner } from './runnerChange.ts';
import { takeHeartbeat } from './heartbeat.ts';

let archive: TestArchive;
let agent: TestAgent;
beforeEach(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
});
afterEach(() => archive.close());

const change = (body: Parameters<typeof changeRunner>[2], organizationId = 'org') =>
  changeRunner(archive.services, { organizationId, actor: operator, runnerId: agent.runnerId }, body);
const row = () =>
  archive.database.db
    .selectFrom('runners')
    .leftJoin('runner_groups', 'runner_groups.id', 'runners.group_id')
    .select(['runners.name', 'runners.status', 'runners.version', 'runner_groups.name as group', 'key_hash'])
    .where('runners.id', '=', agent.runnerId)
    .executeTakeFirstOrThrow();
const written = async () => {
  const { db } = archive.database;
  const audit = await db.selectFrom('audit_log').select('action').orderBy('id').execute();
  const states = await db.selectFrom('state_changes').select('new_state').orderBy('id').execute();
  return [audit.map(({ action }) => action), states.map(({ new_state: state }) => state)];
};

describe('changeRunner', () => {
  it('F3 A3 renames a runner and puts it into a group, and says who did', async () => {
    await change({ name: ' ARGO three ', group: 'Hall A' });
    expect(await row()).toMatchObject({ name: 'ARGO three', group: 'Hall A' });
    await change({ group: 'hall A', name: 'ARGO three' });
    await change({ group: null });
    expect(await row()).toMatchObject({ name: 'ARGO three', group: null });
    expect((await written())[0]).toEqual(['runner.approved', 'runner.updated', 'runner.updated']);
  });

  it('F1 A3 disabling ends the credentials of every share at once; enabling lets the same agent go on', async () => {
    const before = await row();
    await archive.database.db.updateTable('jobs').set({ share_name: 'together' }).execute();
    archive.shares.asked.length = 0;
    await change({ status: 'disabled' });
    expect(await row()).toMatchObject({ status: 'disabled', key_hash: before.key_hash });
    expect(archive.shares.asked).toEqual(['revoke runner-argo3', 'revoke together']);

    archive.shares.asked.length = 0;
    await change({ status: 'active' });
    expect(archive.shares.asked).toEqual([]);
    const refused = heartbeatBody({ credentialExpiresAt: null });
    const answer = await takeHeartbeat(archive.services, agent, refused, '10.0.0.1');
    expect(answer.credentials).toHaveLength(2);
    expect((await written())[1]).toEqual(['generation 1', 'disabled', 'active']);
  });

  it('F1 F7 is disabled though the storage account is down', async () => {
    archive.shares.fails = true;
    await change({ status: 'disabled' });
    expect(await row()).toMatchObject({ status: 'disabled' });
    expect(archive.services.lines.map((line) => line.level)).toContain('error');
  });

  it('F1 F7 B48 what could not be revoked is, as soon as storage answers, and only once', async () => {
    await archive.database.db.updateTable('jobs').set({ share_name: 'together' }).execute();
    archive.shares.fails = true;
    await change({ status: 'disabled' });
    archive.services.advance(60_000);
    expect((await sweepShareAccess(archive.services)).changed).toBe(0);
    archive.shares.fails = false;
    archive.shares.asked.length = 0;
    expect((await sweepShareAccess(archive.services)).changed).toBe(0);
    archive.services.advance(60_000);
    expect((await sweepShareAccess(archive.services)).changed).toBe(2);
    expect(archive.shares.asked.toSorted()).toEqual(['revoke runner-argo3', 'revoke together']);
    archive.services.advance(60_000);
    expect((await sweepShareAccess(archive.services)).changed).toBe(0);
  });

  it('F1 B48 what is revoked at once is owed no more; what a replaced agent held is owed in the same way', async () => {
    await change({ status: 'disabled' });
    await change({ status: 'active' });
    archive.shares.fails = true;
    const { enrolmentId } = await enrol(archive.services, enrolmentRequest(), '10.0.0.9');
    const { organizationId, runnerId } = agent;
    await approveEnrolment(archive.services, { organizationId, actor: operator, enrolmentId, runnerId });
    archive.shares.fails = false;
    archive.services.advance(60_000);
    expect((await sweepShareAccess(archive.services)).changed).toBe(1);
    expect(archive.shares.asked.at(-1)).toBe('revoke runner-argo3');
  });

  it('A5 knows no runner of another organization', async () => {
    await addOrganization(archive.database, 'other', archive.services.now());
    await expect(change({ status: 'disabled' }, 'other')).rejects.toMatchObject({ code: 'not-found' });
    expect(await row()).toMatchObject({ status: 'active' });
  });
});
