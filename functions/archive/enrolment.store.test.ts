import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  approvedAgent,
  enrolmentRequest,
  openTestArchive,
  operator,
  proposed,
  sha256,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { type Approval, approveEnrolment, rejectEnrolment } from './approval.ts';
import { enrol } from './enrolment.ts';
import { readPendingAgents } from './pendingAgents.ts';

const HOUR_MS = 3_600_000;
let archive: TestArchive;
beforeEach(async () => {
  archive = await openTestArchive({ PENDING_AGENTS_MAX: 3 });
});
afterEach(() => archive.close());

const ask = (request = enrolmentRequest()) => enrol(archive.services, request, '10.0.0.7');
const approve = (
  enrolmentId: string,
  more: Partial<Pick<Approval, 'runnerId' | 'name' | 'organizationId' | 'shown'>> = {},
) => approveEnrolment(archive.services, { organizationId: 'org', actor: operator, enrolmentId, ...more });
const pending = async () => (await readPendingAgents(archive.services, 'org')).agents;
const enrolments = () =>
  archive.database.db.selectFrom('enrolments').selectAll().orderBy('created_at').execute();

describe('enrol', () => {
  it('F1 makes one pending request a key, however often and however concurrently it is sent', async () => {
    const request = enrolmentRequest();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(request)));
    expect(new Set(answers.map((answer) => answer.enrolmentId)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 'pending', runnerId: null });
    expect(await pending()).toMatchObject([
      { hostName: 'ARGO3', address: '10.0.0.7', pairingCode: 'ABCD-1234', replaces: null },
    ]);
  });

  it('F1 bounds the queue against any number of callers at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => ask()));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(answers.length - refused.length).toBe(3);
    for (const answer of refused) expect(answer.reason).toMatchObject({ code: 'too-many-pending' });
    expect(await pending()).toHaveLength(3);
  });

  it('F1 a request runs out when its agent falls silent, frees its place, and is pending again when it asks again', async () => {
    const request = enrolmentRequest();
    const { enrolmentId } = await ask(request);
    archive.services.advance(25 * HOUR_MS);
    expect(await pending()).toEqual([]);
    await expect(approve(enrolmentId)).rejects.toMatchObject({ code: 'already-decided' });
    for (let count = 0; count < 3; count += 1) await ask();
    await expect(ask(request)).rejects.toMatchObject({ code: 'too-many-pending' });
    archive.services.advance(25 * HOUR_MS);
    expect(await ask(request)).toMatchObject({ status: 'pending', enrolmentId });
    expect(await pending()).toMatchObject([{ enrolmentId }]);
  });

  it('F1 an agent that keeps asking does not run out', async () => {
    const request = enrolmentRequest();
    const { enrolmentId } = await ask(request);
    for (let day = 0; day < 5; day += 1) {
      archive.services.advance(20 * HOUR_MS);
      expect(await ask(request)).toMatchObject({ status: 'pending', enrolmentId });
    }
    await approve(enrolmentId);
    expect(await ask(request)).toMatchObject({ status: 'approved', runnerId: 'argo3' });
  });

  it('F2 refuses an agent of the future and writes nothing', async () => {
    await expect(ask(enrolmentRequest({ agentVersion: '99.0' }))).rejects.toMatchObject({
      code: 'agent-version-unsupported',
    });
    expect(await enrolments()).toEqual([]);
  });

  it('F1 tells a rejected agent so, for good', async () => {
    const request = enrolmentRequest();
    const { enrolmentId } = await ask(request);
    const decision = { organizationId: 'org', actor: operator, enrolmentId, reason: 'not ours' };
    await rejectEnrolment(archive.services, decision);
    await expect(rejectEnrolment(archive.services, decision)).rejects.toMatchObject({
      code: 'already-decided',
    });
    expect(await ask(request)).toMatchObject({ status: 'rejected' });
    expect(await pending()).toEqual([]);
  });
});

describe('approveEnrolment', () => {
  it('F1 F3 makes a runner with a readable id, a share of its own and the proposed jobs', async () => {
    const jobs = [proposed('Geometry files'), proposed('logs', { kind: 'tree' }), proposed('geometry FILES')];
    const { enrolmentId } = await ask(enrolmentRequest({ jobs }));
    expect(await approve(enrolmentId)).toEqual({ runnerId: 'argo3', generation: 1 });
    expect(archive.shares.asked).toEqual(['ensure runner-argo3']);
    const made = await archive.database.db
      .selectFrom('jobs')
      .select(['id', 'name', 'share_name', 'share_path', 'config_version', 'source_path'])
      .orderBy('name')
      .execute();
    const common = { share_name: 'runner-argo3', config_version: 1, source_path: 'C:\\Argo\\Data' };
    expect(made).toEqual([
      { id: 'argo3.geometry-files', name: 'Geometry files', share_path: '', ...common },
      { id: 'argo3.logs', name: 'logs', share_path: 'logs', ...common },
    ]);
    const audit = await archive.database.db
      .selectFrom('audit_log')
      .select(['action', 'subject_id'])
      .execute();
    expect(audit).toEqual([{ action: 'runner.approved', subject_id: 'argo3' }]);
  });

  it('F1 two machines of one host name become two runners with two shares', async () => {
    const first = await approvedAgent(archive);
    const second = await approvedAgent(archive);
    expect([first.runnerId, second.runnerId]).toEqual(['argo3', 'argo3-2']);
    const shares = await archive.database.db
      .selectFrom('runners')
      .select('share_name')
      .orderBy('id')
      .execute();
    expect(shares.map((row) => row.share_name)).toEqual(['runner-argo3', 'runner-argo3-2']);
  });

  it('F5 no two runners share a share, though their ids differ only in what a share name cannot hold', async () => {
    for (const runnerId of ['argo.3', 'argo-3', 'ARGO-3']) await approvedAgent(archive, { runnerId });
    const rows = await archive.database.db.selectFrom('runners').select('share_name').execute();
    expect(new Set(rows.map((row) => row.share_name)).size).toBe(3);
  });

  it('F1 of two operators at once, one decides and the other is told', async () => {
    const { enrolmentId } = await ask();
    const answers = await Promise.allSettled([
      approve(enrolmentId),
      approve(enrolmentId),
      approve(enrolmentId),
    ]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        expect(['already-decided', 'conflict']).toContain((answer.reason as { code: string }).code);
      }
    }
    expect(await archive.database.db.selectFrom('runners').select('id').execute()).toEqual([{ id: 'argo3' }]);
  });

  it('F1 B48 a rebuilt PC comes back as its runner: jobs and index stay, the former agent is superseded', async () => {
    const old = enrolmentRequest({ runnerId: 'argo-3', jobs: [proposed('geometry')] });
    const first = await approve((await ask(old)).enrolmentId);
    await archive.database.db
      .updateTable('runners')
      .set({ last_heartbeat: archive.services.now(), instance_nonce: 'old', refused_nonce: 'clone' })
      .execute();
    await archive.database.db.updateTable('jobs').set({ schedule_seconds: 77 }).execute();
    archive.services.advance(20_000);

    const rebuilt = enrolmentRequest({ runnerId: 'argo-3', jobs: [proposed('geometry'), proposed('extra')] });
    const { enrolmentId } = await ask(rebuilt);
    const [waiting] = await pending();
    expect(waiting?.replaces).toMatchObject({ runnerId: 'argo-3', name: 'ARGO3' });
    expect(archive.services.now().getTime() - Date.parse(waiting!.replaces!.lastHeartbeatAt!)).toBe(20_000);

    expect(await approve(enrolmentId)).toEqual({ runnerId: first.runnerId, generation: 2 });
    expect(archive.shares.asked.at(-1)).toBe('revoke runner-argo-3');
    await expect(ask(old)).rejects.toMatchObject({ code: 'runner-superseded' });
    expect(await ask(rebuilt)).toMatchObject({ status: 'approved', runnerId: 'argo-3' });
    const [runner] = await archive.database.db.selectFrom('runners').selectAll().execute();
    expect(runner).toMatchObject({ key_hash: rebuilt.keyHash, instance_nonce: null, refused_nonce: null });
    const jobs = await archive.database.db
      .selectFrom('jobs')
      .select(['name', 'schedule_seconds'])
      .orderBy('name')
      .execute();
    expect(jobs).toEqual([
      { name: 'extra', schedule_seconds: 300 },
      { name: 'geometry', schedule_seconds: 77 },
    ]);
  });

  it('F1 pairs an agent that lost its state with the runner an operator names', async () => {
    const { runnerId } = await approvedAgent(archive);
    const { enrolmentId } = await ask(enrolmentRequest({ hostName: 'NEW-PC' }));
    expect(await approve(enrolmentId, { runnerId })).toEqual({ runnerId, generation: 2 });
    const another = await ask(enrolmentRequest());
    await expect(approve(another.enrolmentId, { runnerId: 'nobody' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('A5 F1 an agent that asks for the place of another organization’s runner waits there', async () => {
    const { db } = archive.database;
    const request = enrolmentRequest({ runnerId: 'argo-1', hostName: 'ARGO1' });
    await approve((await ask(request)).enrolmentId);
    await addOrganization(archive.database, 'other', archive.services.now());
    for (const table of ['runners', 'jobs'] as const)
      await db.updateTable(table).set({ organization_id: 'other' }).execute();
    const { enrolmentId } = await ask({ ...request, keyHash: sha256('rebuilt') });
    expect(await pending()).toEqual([]);
    await expect(approve(enrolmentId)).rejects.toMatchObject({ code: 'not-found' });
    expect(await approve(enrolmentId, { organizationId: 'other' })).toEqual({
      runnerId: 'argo-1',
      generation: 2,
    });
  });

  it('A5 neither sees nor decides another organization’s requests', async () => {
    await addOrganization(archive.database, 'other', archive.services.now());
    const { enrolmentId } = await ask();
    expect((await readPendingAgents(archive.services, 'other')).agents).toEqual([]);
    await expect(approve(enrolmentId, { organizationId: 'other' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('F1 F7 lets an agent in while the storage account is down; its share is made later', async () => {
    archive.shares.fails = true;
    const { enrolmentId } = await ask();
    expect(await approve(enrolmentId)).toMatchObject({ runnerId: 'argo3' });
    expect(archive.services.lines.map((line) => line.level)).toContain('warn');
  });

  it('F1 an agent that asks again while it is decided on is let in, or rejected', async () => {
    const [request, unwanted] = [enrolmentRequest(), enrolmentRequest({ hostName: 'ARGO4' })];
    const { ensureShare } = archive.shares;
    archive.shares.ensureShare = async (shareName) => {
      await ensureShare(shareName);
      await ask(request);
    };
    expect(await approve((await ask(request)).enrolmentId)).toMatchObject({ runnerId: 'argo3' });
    expect(await ask(request)).toMatchObject({ status: 'approved', runnerId: 'argo3' });
    const decision = { organizationId: 'org', actor: operator, ...(await ask(unwanted)) };
    await Promise.all([rejectEnrolment(archive.services, decision), ask(unwanted), ask(unwanted)]);
    expect(await ask(unwanted)).toMatchObject({ status: 'rejected' });
  });

  it('F1 an agent that asks for another runner while it is let in is looked at again', async () => {
    const request = enrolmentRequest({ runnerId: 'argo-3' });
    const { enrolmentId } = await ask(request);
    const { ensureShare } = archive.shares;
    archive.shares.ensureShare = async (shareName) => {
      await ensureShare(shareName);
      await ask({ ...request, runnerId: 'argo-4' });
    };
    await expect(approve(enrolmentId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await approve(enrolmentId)).toMatchObject({ runnerId: 'argo-4' });
  });

  it('F1 B48 an agent that asks for another’s place after the operator looked is not let in', async () => {
    await approve((await ask(enrolmentRequest({ runnerId: 'argo-1', hostName: 'ARGO1' }))).enrolmentId);
    const request = enrolmentRequest({ hostName: 'FRESH' });
    const { enrolmentId } = await ask(request);
    const seen = async () => {
      const [agent] = await pending();
      const { pairingCode, requestedRunnerId, replaces } = agent!;
      return { shown: { pairingCode, requestedRunnerId, replaces: replaces?.runnerId ?? null } };
    };
    const asNew = await seen();
    await ask({ ...request, runnerId: 'argo-1' });
    await expect(approve(enrolmentId, asNew)).rejects.toMatchObject({ code: 'conflict' });
    await expect(approve(enrolmentId, { ...asNew, runnerId: 'argo-1' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const unreplaced = { shown: { ...asNew.shown, requestedRunnerId: 'argo-1' } };
    await expect(approve(enrolmentId, unreplaced)).rejects.toMatchObject({ code: 'conflict' });
    expect(await approve(enrolmentId, await seen())).toEqual({ runnerId: 'argo-1', generation: 2 });
  });

  it('F1 an approval that fails half-way leaves nothing behind', async () => {
    const { enrolmentId } = await ask();
    const services = {
      ...archive.services,
      newId: () => {
        throw new Error('no ids left');
      },
    };
    const approval = { organizationId: 'org', actor: operator, enrolmentId };
    await expect(approveEnrolment(services, approval)).rejects.toThrow('no ids left');
    expect(await archive.database.db.selectFrom('runners').select('id').execute()).toEqual([]);
    expect(await pending()).toHaveLength(1);
    expect(await approve(enrolmentId)).toMatchObject({ runnerId: 'argo3' });
  });
});
