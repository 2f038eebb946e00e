import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { raiseAlert } from '../alerts/index.ts';
import { writeContext, writeStep } from '../platform/runs/index.ts';
import { sweepRetention } from './retention.ts';

const DAY = 24 * 60;
let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  await archive.database.db.deleteFrom('quota_readings').execute();
  await fleet.runners(1);
});
afterAll(() => archive.close());

const db = () => archive.database.db;
const runIds = async () =>
  (await db().selectFrom('sync_runs').select('id').orderBy('id').execute()).map((row) => row.id);

async function runWithFiles(status: 'complete' | 'failed', files: number): Promise<string> {
  const runId = await fleet.endedRun('runner-1', status);
  await writeStep(
    db(),
    runId,
    { step: 'upload', kind: 'work', status: 'complete' },
    writeContext(archive.services),
  );
  await db().updateTable('sync_runs').set({ status }).where('id', '=', runId).execute();
  const rows = Array.from({ length: files }, (_, index) => ({
    run_id: runId,
    path_key: Buffer.alloc(32, String(index)),
    path: String(index),
    outcome: 'archived',
    state: 'archived' as const,
    bytes_sent: 1,
    attempts: 1,
    updated_at: archive.services.now(),
  }));
  if (rows.length > 0) await db().insertInto('sync_run_files').values(rows).execute();
  return runId;
}

describe('sweepRetention', () => {
  it('S3 deletes file syncs with their files and steps 180 days after, and keeps the newest and the last good one', async () => {
    await runWithFiles('complete', 3);
    await fleet.live(1, [], { ticks: false });
    await runWithFiles('failed', 2);
    await fleet.live(1, [], { ticks: false });
    const lastGood = await runWithFiles('complete', 1);
    await fleet.live(1, [], { ticks: false });
    await runWithFiles('failed', 1);
    await fleet.live(1, [], { ticks: false });
    const newest = await runWithFiles('failed', 1);
    await fleet.live(180 * DAY - 10, [], { ticks: false });
    expect(await sweepRetention(archive.services)).toEqual({ examined: 0, changed: 0 });
    await fleet.live(20, [], { ticks: false });
    expect(await sweepRetention(archive.services)).toEqual({ examined: 3, changed: 3 });
    expect(await runIds()).toEqual([lastGood, newest].toSorted());
    expect(await db().selectFrom('sync_run_files').select('run_id').orderBy('run_id').execute()).toHaveLength(
      2,
    );
    expect(await db().selectFrom('sync_steps').select('run_id').execute()).toHaveLength(2);
  });

  it('S3 keeps runs of registers and workflows, alerts, state changes and live runs for ever', async () => {
    const register = await runWithFiles('complete', 0);
    await db().updateTable('sync_runs').set({ sync_type: 'tga_sync' }).where('id', '=', register).execute();
    await fleet.liveRun('runner-1', { archivedMinutesAgo: 0 });
    await fleet.live(1, [], { ticks: false });
    await runWithFiles('complete', 0);
    const { organizationId } = archive;
    const finding = {
      organizationId,
      severity: 'info',
      class: 'operational',
      title: 'old',
      detail: '',
    } as const;
    await raiseAlert(db(), { ...finding, fingerprint: 'old' }, writeContext(archive.services));
    await fleet.live(1000 * DAY, [], { ticks: false });
    expect(await sweepRetention(archive.services)).toEqual({ examined: 0, changed: 0 });
    expect(await runIds()).toHaveLength(3);
    expect(await db().selectFrom('state_changes').select('id').execute()).not.toEqual([]);
  });

  it('S3 bounds ticks, readings and peaks; a timer’s newest tick stays', async () => {
    await fleet.live(30, []);
    const at = archive.services.now();
    await db()
      .insertInto('quota_readings')
      .values({ target: 'database', measured_at: at, used_bytes: 1 })
      .execute();
    const peak = { job_id: 'job-runner-1', week: 1, peak_hour: 1, peak_day: 1 };
    await db().insertInto('production_peaks').values(peak).execute();
    await fleet.live(61 * DAY, [], { ticks: false });
    await sweepRetention(archive.services);
    expect(await db().selectFrom('timer_ticks').select('due_at').execute()).toEqual([{ due_at: at }]);
    expect(await db().selectFrom('quota_readings').selectAll().execute()).toEqual([]);
    expect(await db().selectFrom('production_peaks').selectAll().execute()).toEqual([]);
  });

  it('S3 B8 one run that cannot be deleted stops no other and is said', async () => {
    const held = await runWithFiles('complete', 1);
    await runWithFiles('complete', 1);
    await fleet.live(1, [], { ticks: false });
    await runWithFiles('complete', 0);
    await fleet.live(181 * DAY, [], { ticks: false });
    const broken = {
      ...archive.services,
      database: {
        ...archive.database,
        transaction: ((work) =>
          archive.database.transaction(async (tx) => {
            const done = await work(tx);
            const gone = await tx.selectFrom('sync_runs').select('id').where('id', '=', held).execute();
            if (gone.length === 0 && !(await runIds()).every((id) => id !== held)) throw new Error('held');
            return done;
          })) as typeof archive.database.transaction,
      },
    };
    expect(await sweepRetention(broken)).toEqual({ examined: 2, changed: 1 });
    expect(archive.services.lines).toContainEqual({
      level: 'error',
      message: 'an old run could not be deleted',
    });
    expect(await sweepRetention(archive.services)).toEqual({ examined: 1, changed: 1 });
  });
});
