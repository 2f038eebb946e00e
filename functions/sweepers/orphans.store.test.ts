import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  begunRun,
  openTestArchive,
  resultOf,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import type { TestServices } from '../../test/support/services.ts';
import { complete } from '../archive/completeRun.ts';
import { databaseNow, json } from '../platform/database/index.ts';
import { lockRun, writeContext } from '../platform/runs/index.ts';
import { DISPATCH_TIMER } from './dispatch.ts';
import { sweepOrphans } from './orphans.ts';

const minute = 60_000;
let archive: TestArchive;
let services: TestServices;

beforeAll(async () => {
  archive = await openTestArchive();
  services = archive.services;
});
beforeEach(async () => {
  await db().deleteFrom('timer_ticks').execute();
  await db().updateTable('sync_runs').set({ status: 'complete' }).execute();
  services.lines.length = 0;
});
afterAll(() => archive.close());

const db = () => archive.database.db;
const statusOf = async (runId: string) =>
  (await db().selectFrom('sync_runs').select('status').where('id', '=', runId).executeTakeFirstOrThrow())
    .status;

let made = 0;
/** A run that was last heard of now. */
async function newRun(more: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const id = `run-${String(made)}`;
  const at = services.now();
  const zeroes = { files_examined: 0, files_needed: 0, files_archived: 0, files_skipped: 0, files_failed: 0 };
  await db()
    .insertInto('sync_runs')
    .values({
      ...zeroes,
      id,
      organization_id: archive.organizationId,
      sync_type: 'file_sync',
      correlation_id: id,
      live_key: id,
      status: 'running',
      trigger_kind: 'agent',
      payload_json: json({}),
      bytes_archived: 0,
      slice: 0,
      slice_attempts: 0,
      started_at: at,
      last_activity_at: at,
      version: 1,
      created_at: at,
      updated_at: at,
      ...more,
    })
    .execute();
  return id;
}

/** The platform lives on for so long: its dispatch timer ticks every minute. */
async function live(minutes: number): Promise<void> {
  const ticks = Array.from({ length: minutes }, () => {
    services.advance(minute);
    const at = services.now();
    return { timer_name: DISPATCH_TIMER, due_at: at, instance_id: 'one', started_at: at };
  });
  await db().insertInto('timer_ticks').values(ticks).execute();
}

describe('sweepOrphans', () => {
  it('S1 closes a run of which nothing was heard for 30 min, and says since when', async () => {
    const runId = await newRun();
    await live(29);
    expect(await sweepOrphans(services, [])).toEqual({ examined: 0, changed: 0 });
    await live(2);
    expect(await sweepOrphans(services, [])).toEqual({ examined: 1, changed: 1 });
    const run = await db()
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    expect(run).toMatchObject({
      status: 'stale',
      status_reason: 'no sign of life for 31 min',
      ended_at: services.now(),
    });
    const changes = db().selectFrom('state_changes').selectAll().where('subject_id', '=', runId);
    expect(await changes.execute()).toMatchObject([{ old_state: 'running', new_state: 'stale' }]);
    expect(await sweepOrphans(services, [])).toEqual({ examined: 0, changed: 0 });
  });

  it('S14 B7 leaves a run alone that speaks between its look and its closing', async () => {
    const runId = await newRun();
    await live(45);
    let looked = false;
    const speaking: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (!looked) {
          looked = true;
          await lockRun(db(), runId, writeContext(services));
        }
        return result;
      },
    };
    const database = { ...services.database, db: db().withPlugin(speaking) };
    expect(await sweepOrphans({ ...services, database }, [])).toEqual({ examined: 1, changed: 0 });
    expect(looked).toBe(true);
    expect(await statusOf(runId)).toBe('running');
  });

  it('S1 a run that slept on purpose and fell due during an outage of the platform is not closed when it comes back', async () => {
    await live(1);
    const sleepsUntil = new Date(services.now().getTime() + 150 * minute);
    const runId = await newRun({ next_slice_at: sleepsUntil });
    await live(120);
    services.advance(2 * 60 * minute); // the platform is away
    await live(5);
    expect((await sweepOrphans(services, [])).changed).toBe(0);
    expect(await statusOf(runId)).toBe('running');
    await live(31);
    await sweepOrphans(services, []);
    expect(await statusOf(runId)).toBe('stale');
  });

  it('S1 F4 a late writer revives the run that was closed, and its result is kept', async () => {
    const agent = await approvedAgent(archive);
    const { runId, correlationId } = await begunRun(archive, agent);
    await live(31);
    await sweepOrphans(services, []);
    expect(await statusOf(runId)).toBe('stale');
    await complete(services, agent, runId, { correlationId, results: [resultOf('a.dat')] });
    expect(await statusOf(runId)).toBe('running');
    const rows = db().selectFrom('synced_files').select('path').where('job_id', '=', agent.jobId);
    expect(await rows.execute()).toEqual([{ path: 'a.dat' }]);
  });

  it('S1 B42 counts no time in which the platform itself was down', async () => {
    const runId = await newRun();
    await live(20);
    services.advance(5 * 60 * minute); // the platform is down, nobody could have spoken
    expect(await sweepOrphans(services, [])).toEqual({ examined: 1, changed: 0 });
    await live(9);
    await sweepOrphans(services, []);
    expect(await statusOf(runId)).toBe('running');
    await live(2);
    await sweepOrphans(services, []);
    expect(await statusOf(runId)).toBe('stale');
  });

  it('S1 leaves alone what waits on purpose or is being worked on', async () => {
    const later = new Date(services.now().getTime() + 24 * 60 * minute);
    const waiting = [
      await newRun({ status: 'paused' }),
      await newRun({ next_slice_at: later }),
      await newRun({ lease_token: 'held', lease_until: databaseNow(60 * minute) }),
    ];
    const quiet = await newRun({
      next_slice_at: services.now(),
      lease_token: 'lost',
      lease_until: databaseNow(-minute),
    });
    await live(120);
    expect(await sweepOrphans(services, [])).toEqual({ examined: 1, changed: 1 });
    expect(await Promise.all(waiting.map(statusOf))).toEqual(['paused', 'running', 'running']);
    expect(await statusOf(quiet)).toBe('stale');
  });

  it('S1 B8 goes on after a run that cannot be closed, and says which', async () => {
    const bad = await newRun();
    services.advance(minute);
    const good = await newRun();
    await live(40);
    let failures = 0;
    const newId = (): string => {
      if (failures > 0) return services.newId();
      failures += 1;
      throw new Error('no id for you');
    };
    expect(await sweepOrphans({ ...services, newId }, [])).toEqual({ examined: 2, changed: 1 });
    expect([await statusOf(bad), await statusOf(good)]).toEqual(['running', 'stale']);
    expect(services.lines).toContainEqual({ level: 'error', message: 'a run could not be closed as stale' });
    expect(await sweepOrphans(services, [])).toEqual({ examined: 1, changed: 1 });
  });
});
