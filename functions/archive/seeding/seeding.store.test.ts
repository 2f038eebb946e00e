import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SeededRunner, seededRunner } from '../../../shared/contract/seeding.ts';
import {
  addOrganization,
  approvedAgent,
  enrolmentRequest,
  openTestArchive,
  operator,
  proposed,
  type TestArchive,
} from '../../../test/support/archiveServices.ts';
import { approveEnrolment } from '../approval.ts';
import { enrol } from '../enrolment.ts';
import { changeJob } from '../jobs.ts';
import { readPendingAgents } from '../pendingAgents.ts';
import { approveExpected } from './approveExpected.ts';
import { seedFleet } from './seed.ts';

let archive: TestArchive;
const decision = { organizationId: 'org', actor: operator };
beforeEach(async () => {
  archive = await openTestArchive();
});
afterEach(() => archive.close());

const seed = (runners: readonly object[], more: { dryRun?: boolean; organizationId?: string } = {}) =>
  seedFleet(
    archive.services,
    { ...decision, organizationId: more.organizationId ?? 'org' },
    {
      runners: runners.map((runner): SeededRunner => seededRunner.parse(runner)),
      dryRun: more.dryRun ?? false,
    },
  );
const geometry = { name: 'geometry', kind: 'geometry', sourcePath: 'D:\\Argo' };
const fleetOfTwo = [
  { runnerId: 'argo1', name: 'ARGO 1', group: 'Hall A', jobs: [geometry] },
  { runnerId: 'argo2', group: 'hall a', jobs: [geometry, { ...geometry, name: 'logs', sharePath: 'logs' }] },
];
const rows = () =>
  archive.database.db
    .selectFrom('runners')
    .leftJoin('runner_groups', 'runner_groups.id', 'runners.group_id')
    .select(['runners.id', 'runners.name', 'runner_groups.name as group', 'share_name', 'generation'])
    .orderBy('runners.id')
    .execute();
const jobs = () =>
  archive.database.db
    .selectFrom('jobs')
    .select(['id', 'schedule_seconds', 'enabled', 'config_version', 'paused_reason'])
    .orderBy('id')
    .execute();

describe('seedFleet', () => {
  it('F3 makes groups, runners and jobs from one file, and the same file again changes nothing', async () => {
    const first = await seed(fleetOfTwo);
    expect(first.changes.map(({ kind, subject, change }) => `${kind} ${subject} ${change}`)).toEqual([
      'group Hall A created',
      'runner argo1 created',
      'job argo1.geometry created',
      'runner argo2 created',
      'job argo2.geometry created',
      'job argo2.logs created',
    ]);
    expect(await rows()).toEqual([
      { id: 'argo1', name: 'ARGO 1', group: 'Hall A', share_name: 'runner-argo1', generation: 0 },
      { id: 'argo2', name: 'argo2', group: 'Hall A', share_name: 'runner-argo2', generation: 0 },
    ]);
    expect(await seed(fleetOfTwo)).toEqual({ changes: [], unchanged: 2, refused: [] });
    const audit = await archive.database.db.selectFrom('audit_log').select('action').execute();
    expect(audit.map(({ action }) => action)).toEqual(['runner.seeded', 'runner.seeded']);
  });

  it('F3 sets what is there to what the file says, and leaves alone what it does not name', async () => {
    const agent = await approvedAgent(archive, { hostName: 'argo1', jobs: [proposed('geometry')] });
    await changeJob(archive.services, { ...decision, ...agent }, { pausedReason: 'by hand' });
    const source = { ...geometry, sourcePath: 'C:\\Argo\\Data' };
    const report = await seed([
      { runnerId: 'argo1', group: 'Hall B', jobs: [{ ...source, scheduleSeconds: 60, enabled: false }] },
    ]);
    expect(report.changes).toEqual([
      { kind: 'group', subject: 'Hall B', change: 'created', fields: [] },
      { kind: 'runner', subject: 'argo1', change: 'updated', fields: ['group'] },
      { kind: 'job', subject: agent.jobId, change: 'updated', fields: ['enabled', 'schedule_seconds'] },
    ]);
    const set = { schedule_seconds: 60, enabled: false, config_version: 3, paused_reason: 'by hand' };
    expect(await jobs()).toEqual([{ id: agent.jobId, ...set }]);
    expect(await rows()).toMatchObject([{ name: 'argo1', group: 'Hall B', generation: 1 }]);

    await seed([{ runnerId: 'argo1', group: null }]);
    expect(await rows()).toMatchObject([{ group: null }]);
  });

  it('F3 a dry run says the same and changes nothing', async () => {
    const tried = await seed(fleetOfTwo, { dryRun: true });
    expect(await rows()).toEqual([]);
    expect((await archive.database.db.selectFrom('runner_groups').select('id').execute()).length).toBe(0);
    expect(await seed(fleetOfTwo)).toEqual(tried);
  });

  it('F3 a runner that cannot be so is left as it was and told; the others are made', async () => {
    await seed([{ runnerId: 'argo1', jobs: [geometry] }]);
    const moved = { ...geometry, sourcePath: 'E:\\Elsewhere' };
    const twin = { ...geometry, name: 'twin' };
    const report = await seed([
      { runnerId: 'argo1', name: 'new name', jobs: [moved] },
      { runnerId: 'argo2', jobs: [geometry, twin] },
      { runnerId: 'argo3', shareName: 'runner-argo1' },
      { runnerId: 'argo4', jobs: [geometry, { ...geometry, name: 'GEOMETRY ' }] },
      { runnerId: 'argo5', jobs: [geometry] },
    ]);
    expect(report.refused.map(({ runnerId }) => runnerId)).toEqual(['argo1', 'argo2', 'argo3', 'argo4']);
    expect(report.refused[0]?.detail).toContain('E:\\Elsewhere');
    expect((await rows()).map(({ id, name }) => [id, name])).toEqual([
      ['argo1', 'argo1'],
      ['argo5', 'argo5'],
    ]);
  });

  it('F3 D6 a rebuilt database has the shares that the file names', async () => {
    await seed([{ runnerId: 'argo1', shareName: 'runner-argo1-2', jobs: [geometry] }]);
    expect(await rows()).toMatchObject([{ id: 'argo1', share_name: 'runner-argo1-2' }]);
    const moved = await seed([{ runnerId: 'argo1', shareName: 'elsewhere' }]);
    expect(moved.refused[0]?.detail).toContain('runner-argo1-2');
  });

  it('A5 F3 neither takes nor tells of another organization’s runner', async () => {
    await addOrganization(archive.database, 'other', archive.services.now());
    await seed([{ runnerId: 'argo1', name: 'secret name', group: 'Hall A', jobs: [geometry] }]);
    const report = await seed([{ runnerId: 'argo1', group: 'Hall A' }], { organizationId: 'other' });
    expect(report.refused).toEqual([
      { runnerId: 'argo1', detail: 'The id argo1 is in use elsewhere; wanted: another.' },
    ]);
    expect(report.changes).toEqual([]);
  });

  it('F3 of many who seed the same at once, each ends with what the file says', async () => {
    const reports = await Promise.all(Array.from({ length: 4 }, () => seed(fleetOfTwo)));
    expect(reports.flatMap(({ refused }) => refused)).toEqual([]);
    expect(reports.flatMap(({ changes }) => changes)).toHaveLength(6);
    expect((await rows()).length).toBe(2);
  });
});

describe('approveExpected', () => {
  const ask = (more: Parameters<typeof enrolmentRequest>[0] = {}) =>
    enrol(archive.services, enrolmentRequest(more), '10.0.0.7').then(({ enrolmentId }) => enrolmentId);
  const pending = async () => (await readPendingAgents(archive.services, 'org')).agents;
  const approve = (ids: readonly string[]) => approveExpected(archive.services, decision, ids);

  it('F1 F3 seeded runners get their agents at once, with the jobs of the file', async () => {
    await seed(fleetOfTwo);
    const jobsOfAgent = [proposed('geometry', { scheduleSeconds: 77 })];
    const ids = [
      await ask({ runnerId: 'argo1', jobs: jobsOfAgent }),
      await ask({ runnerId: 'argo2', jobs: jobsOfAgent }),
    ];
    expect((await pending()).map(({ isExpected, replaces }) => [isExpected, replaces])).toEqual([
      [true, null],
      [true, null],
    ]);
    const answer = await approve(ids);
    expect(answer).toEqual({
      approved: [
        { enrolmentId: ids[0], runnerId: 'argo1' },
        { enrolmentId: ids[1], runnerId: 'argo2' },
      ],
      left: [],
    });
    expect((await rows()).map(({ generation, name }) => [generation, name])).toEqual([
      [1, 'ARGO 1'],
      [1, 'argo2'],
    ]);
    expect((await jobs()).map((job) => job.schedule_seconds)).toEqual([300, 300, 300]);
    expect((await approve(ids)).approved).toEqual([]);
  });

  it('F1 B48 nobody loses a place by it: what has an agent, is asked for twice or by nobody is left', async () => {
    await seed([{ runnerId: 'argo1' }, { runnerId: 'argo2' }]);
    const first = await ask({ runnerId: 'argo1' });
    await approveEnrolment(archive.services, { ...decision, enrolmentId: first });
    const ids = [
      await ask({ runnerId: 'argo1' }),
      await ask({ runnerId: 'argo2' }),
      await ask({ runnerId: 'argo2' }),
      await ask({ hostName: 'stranger' }),
      'nobody',
    ];
    expect((await pending()).map((agent) => agent.isExpected)).toEqual([false, false, false, false]);
    const answer = await approve(ids);
    expect(answer.approved).toEqual([]);
    expect(answer.left.map(({ enrolmentId }) => enrolmentId)).toEqual(ids);
    await expect(
      approveEnrolment(archive.services, { ...decision, enrolmentId: ids[0] ?? '', onlyVacant: true }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});
