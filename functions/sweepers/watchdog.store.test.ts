import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { databaseNow } from '../platform/database/index.ts';
import { stepsOf, writeContext, writeStep } from '../platform/runs/index.ts';
import { sweepWatchdog } from './watchdog.ts';

let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  await fleet.runners(1);
});
afterAll(() => archive.close());

const db = () => archive.database.db;

/** A run with one finished and one running step, both just written. */
async function runningStep(error: string | null = null): Promise<string> {
  const runId = await newRun();
  const context = writeContext(archive.services);
  await writeStep(db(), runId, { step: 'compare', kind: 'work', status: 'complete' }, context);
  await writeStep(db(), runId, { step: 'upload', kind: 'work', status: 'running', error }, context);
  return runId;
}

async function newRun(): Promise<string> {
  const runId = await fleet.endedRun('runner-1', 'complete');
  await db()
    .updateTable('sync_runs')
    .set({ status: 'running', ended_at: null })
    .where('id', '=', runId)
    .execute();
  return runId;
}

const steps = (runId: string) => stepsOf(db(), { id: runId, sync_type: 'file_sync' });
const runOf = (runId: string) =>
  db().selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();

describe('sweepWatchdog', () => {
  it('S2 marks a step of which nothing was heard for five minutes, and leaves the run to others', async () => {
    const runId = await runningStep();
    const before = await runOf(runId);
    await fleet.live(5, []);
    expect(await sweepWatchdog(archive.services)).toEqual({ examined: 1, changed: 0 });
    await fleet.live(1, []);
    expect(await sweepWatchdog(archive.services)).toEqual({ examined: 1, changed: 1 });
    expect(await steps(runId)).toMatchObject([
      { step: 'compare', status: 'complete', error: null },
      { step: 'upload', status: 'timed_out', error: 'watchdog_swept: no sign of life for 6 min' },
    ]);
    // The orphan sweeper still counts from the last real sign of life.
    expect(await runOf(runId)).toMatchObject({
      status: 'running',
      last_activity_at: before.last_activity_at,
    });
    expect(await sweepWatchdog(archive.services)).toEqual({ examined: 0, changed: 0 });
  });

  it('S2 B13 keeps the error that a step has, and a late writer overwrites the mark', async () => {
    const runId = await runningStep('503 from the share');
    await fleet.live(6, []);
    await sweepWatchdog(archive.services);
    expect((await steps(runId))[1]).toMatchObject({ status: 'timed_out', error: '503 from the share' });
    await writeStep(
      db(),
      runId,
      { step: 'upload', kind: 'work', status: 'complete' },
      writeContext(archive.services),
    );
    expect((await steps(runId))[1]).toMatchObject({ status: 'complete', error: null });
  });

  it('S2 leaves a long step alone whose run is heard of, that waits, or that somebody works on', async () => {
    const heard = await runningStep();
    const waiting = await runningStep();
    const leased = await runningStep();
    const later = new Date(archive.services.now().getTime() + 3_600_000);
    const set = (runId: string, values: object) =>
      db().updateTable('sync_runs').set(values).where('id', '=', runId).execute();
    await set(waiting, { next_slice_at: later });
    await set(leased, { lease_token: 'held', lease_until: databaseNow(3_600_000) });
    await fleet.live(20, []);
    await set(heard, { last_activity_at: archive.services.now() });
    expect(await sweepWatchdog(archive.services)).toEqual({ examined: 3, changed: 0 });
  });

  it('S2 B7 leaves a step alone that is written to between the look and the mark', async () => {
    const runId = await runningStep();
    await fleet.live(6, []);
    let looked = false;
    const speaking: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (!looked) {
          looked = true;
          const step = { step: 'upload', kind: 'work', status: 'running' } as const;
          await writeStep(db(), runId, step, writeContext(archive.services));
        }
        return result;
      },
    };
    const database = { ...archive.services.database, db: db().withPlugin(speaking) };
    expect(await sweepWatchdog({ ...archive.services, database })).toEqual({ examined: 1, changed: 0 });
    expect(looked).toBe(true);
    expect((await steps(runId))[1]?.status).toBe('running');
  });

  it('S2 B42 the platform’s own downtime is no silence', async () => {
    await runningStep();
    await fleet.live(1, []);
    fleet.down(600);
    expect(await sweepWatchdog(archive.services)).toEqual({ examined: 1, changed: 0 });
  });

  it('B1 B11 two instances at once mark a step once', async () => {
    const runId = await runningStep();
    await fleet.live(6, []);
    const reports = await Promise.all([sweepWatchdog(archive.services), sweepWatchdog(archive.services)]);
    expect(reports.reduce((sum, { changed }) => sum + changed, 0)).toBe(1);
    expect((await steps(runId))[1]?.status).toBe('timed_out');
  });
});
