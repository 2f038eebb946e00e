import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCutProxy } from '../../test/support/cut-proxy.ts';
import { type AskedShares, openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { openDatabase } from '../platform/database/index.ts';
import type { Settings } from '../platform/settings.ts';
import type { ShareSnapshot } from '../platform/storage/shares.ts';
import { runTick } from '../platform/timers/runTick.ts';
import { sweepCredentialAges } from './credentialAge.ts';
import { sweeperTimers } from './index.ts';
import { sweepQuotas } from './quota.ts';
import { sweepSnapshots } from './snapshots.ts';
import { readReadings } from './stores/quotas.ts';

const DAY = 24 * 60;
let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  for (const table of ['quota_readings', 'credential_ages'] as const)
    await archive.database.db.deleteFrom(table).execute();
  await fleet.runners(1);
});
afterAll(() => archive.close());

const withShares = (shares: Partial<AskedShares>) => ({
  ...archive.services,
  shares: { ...archive.shares, ...shares },
});
const withSettings = (settings: Partial<Settings>) => ({
  ...archive.services,
  settings: { ...archive.services.settings, ...settings },
});

describe('sweepQuotas', () => {
  it('S4 reads the database and each share by the hour, and finds none that has room', async () => {
    expect(await sweepQuotas(archive.services)).toEqual({ examined: 2, changed: 2 });
    expect(await sweepQuotas(archive.services)).toEqual({ examined: 0, changed: 0 });
    const readings = await readReadings(archive.database.db, new Date(0));
    expect([...readings.keys()]).toEqual(['database', 'share:share-runner-1']);
    expect(readings.get('database')?.[0]?.usedBytes).toBeGreaterThan(1_000_000);
    expect(readings.get('database')?.[0]?.quotaBytes).toBe(250e9);
    expect(await fleet.open()).toEqual([]);
  });

  it('S4 finds a share well before it is full, with the day, and what is full already', async () => {
    const quotaBytes = 1000;
    const sweepAt = (usedBytes: number) =>
      sweepQuotas(withShares({ usage: async () => ({ usedBytes, quotaBytes }) }));
    await sweepAt(100);
    await fleet.live(2 * DAY, ['runner-1'], { ticks: false });
    await sweepAt(200);
    const [alert] = await fleet.open();
    expect(alert).toMatchObject({ fingerprint: 'quota:share:share-runner-1', severity: 'warning' });
    const day = new Date(archive.services.now().getTime() + 16 * DAY * 60_000).toISOString().slice(0, 10);
    expect(alert?.detail).toContain(`full on ${day}`);
    await fleet.live(60, ['runner-1'], { ticks: false });
    await sweepAt(960);
    expect(await fleet.open()).toMatchObject([
      { severity: 'critical', title: 'Share share-runner-1 is 96 % full' },
    ]);
  });

  it('S4 finds a database that is nearly full, by the quota that a setting names', async () => {
    await sweepQuotas(withSettings({ DATABASE_QUOTA_GB: 0.000_001 }));
    expect(await fleet.open()).toMatchObject([{ fingerprint: 'quota:database', severity: 'critical' }]);
  });

  it('S4 B8 a share that does not answer stops no other', async () => {
    const services = withShares({ usage: () => Promise.reject(new Error('away')) });
    await sweepQuotas(services);
    expect([...(await readReadings(archive.database.db, new Date(0))).keys()]).toEqual(['database']);
  });

  it('S4 B8 a share that cannot be read keeps its alert, and after a day it is said that nobody knows', async () => {
    const openNow = async () => (await fleet.open()).map(({ fingerprint }) => fingerprint);
    const full = withShares({ usage: async () => ({ usedBytes: 960, quotaBytes: 1000 }) });
    const away = withShares({ usage: () => Promise.reject(new Error('away')) });
    await sweepQuotas(full);
    await fleet.live(DAY - 60, [], { ticks: false });
    await sweepQuotas(away);
    expect(await openNow()).toEqual(['quota:share:share-runner-1']);
    await fleet.live(60, [], { ticks: false });
    await sweepQuotas(away);
    const both = ['quota-unread:share:share-runner-1', 'quota:share:share-runner-1'];
    expect(await openNow()).toEqual(both);
    expect((await fleet.open())[0]).toMatchObject({
      severity: 'warning',
      title: 'Share share-runner-1 cannot be read',
    });
    await fleet.live(15 * DAY, [], { ticks: false });
    await sweepQuotas(away);
    expect(await openNow()).toEqual(both);
    await sweepQuotas(full);
    expect(await openNow()).toEqual(['quota:share:share-runner-1']);
    await fleet.live(60, [], { ticks: false });
    await sweepQuotas(withShares({ usage: async () => ({ usedBytes: 100, quotaBytes: 1000 }) }));
    expect(await openNow()).toEqual([]);
  });

  it('S4 a share that could never be read is told of a day after its runner came', async () => {
    const away = withShares({ usage: () => Promise.reject(new Error('away')) });
    await sweepQuotas(away);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(DAY, [], { ticks: false });
    await sweepQuotas(away);
    expect(await fleet.open()).toMatchObject([{ fingerprint: 'quota-unread:share:share-runner-1' }]);
  });
});

describe('sweepCredentialAges', () => {
  const ages = () => archive.database.db.selectFrom('credential_ages').selectAll().orderBy('name').execute();

  it('D7 finds a secret that has been the same for over 90 days, until it is changed', async () => {
    await sweepCredentialAges(archive.services);
    await fleet.live(90 * DAY, [], { ticks: false });
    await sweepCredentialAges(archive.services);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(DAY, [], { ticks: false });
    await sweepCredentialAges(archive.services);
    expect((await fleet.open()).map(({ fingerprint }) => fingerprint)).toEqual([
      'credential-age:AUTH_SECRET',
      'credential-age:CI secret',
    ]);
    await sweepCredentialAges(withSettings({ DATASYNC_CI_UPLOAD_SECRET: 'd'.repeat(32) }));
    expect((await fleet.open()).map(({ fingerprint }) => fingerprint)).toEqual([
      'credential-age:AUTH_SECRET',
    ]);
  });

  it('D7 keeps no secret, and another AUTH_SECRET makes the others no younger', async () => {
    await sweepCredentialAges(archive.services);
    const before = await ages();
    expect(JSON.stringify(before)).not.toContain('cccc');
    await fleet.live(DAY, [], { ticks: false });
    await sweepCredentialAges(withSettings({ AUTH_SECRET: 'b'.repeat(44) }));
    const [auth, ci] = await ages();
    expect(auth?.since).toEqual(archive.services.now());
    expect(ci?.since).toEqual(before[1]?.since);
    expect(ci?.fingerprint).not.toBe(before[1]?.fingerprint);
  });
});

describe('sweepSnapshots', () => {
  function sharesWith(snapshots: ShareSnapshot[]) {
    return withShares({
      listSnapshots: async () => snapshots.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime()),
      takeSnapshot: async (shareName) => {
        const takenAt = archive.services.now();
        snapshots.push({ shareName, snapshot: takenAt.toISOString(), takenAt, isOurs: true });
      },
      deleteSnapshot: async ({ snapshot }) => {
        snapshots.splice(
          snapshots.findIndex((one) => one.snapshot === snapshot),
          1,
        );
      },
    });
  }

  it('D1 takes one a day, keeps seven, and deletes none that somebody else took', async () => {
    const foreign = { shareName: 'share-runner-1', snapshot: '2026-01-01T00:00:00.0000000Z', isOurs: false };
    const snapshots: ShareSnapshot[] = [{ ...foreign, takenAt: new Date(foreign.snapshot) }];
    const services = sharesWith(snapshots);
    expect(await sweepSnapshots(services)).toEqual({ examined: 1, changed: 1 });
    expect(await sweepSnapshots(services)).toEqual({ examined: 1, changed: 0 });
    for (let day = 0; day < 10; day += 1) {
      await fleet.live(DAY, [], { ticks: false });
      await sweepSnapshots(services);
    }
    expect(snapshots.filter(({ isOurs }) => isOurs)).toHaveLength(7);
    expect(snapshots.filter(({ isOurs }) => !isOurs)).toHaveLength(1);
    expect(snapshots.at(-1)?.takenAt).toEqual(archive.services.now());
  });

  it('D1 leaves snapshots alone where a backup vault takes them', async () => {
    const keepNone = {
      ...sharesWith([]),
      settings: { ...archive.services.settings, SHARE_SNAPSHOTS_KEEP: 0 },
    };
    expect(await sweepSnapshots(keepNone)).toEqual({ examined: 0, changed: 0 });
  });
});

describe('every sweeper', () => {
  it('S5 B8 B9 works again with its next tick after its connection was lost in the middle of one', async () => {
    const proxy = await openCutProxy(archive.database.url);
    const database = await openDatabase({ url: proxy.url, poolMax: 2 });
    const services = { ...archive.services, database };
    try {
      for (const timer of sweeperTimers) {
        archive.services.advance(25 * 3_600_000);
        await runTick(timer, services);
        archive.services.advance(25 * 3_600_000);
        const tick = runTick(timer, services).catch(() => 'no answer');
        proxy.cut();
        await tick;
        archive.services.advance(25 * 3_600_000);
        expect(await runTick(timer, services), timer.name).toBe('done');
      }
    } finally {
      await database.close();
      await proxy.close();
    }
  });

  it('B1 S14 two instances that fire for one occurrence: one acts, and its tick says what it did', async () => {
    for (const timer of sweeperTimers) {
      archive.services.advance(25 * 3_600_000);
      const outcomes = await Promise.all([
        runTick(timer, archive.services),
        runTick(timer, archive.services),
      ]);
      expect(outcomes.toSorted(), timer.name).toEqual(['done', 'rival']);
    }
    const ticks = await archive.database.db.selectFrom('timer_ticks').selectAll().execute();
    expect(ticks).toHaveLength(sweeperTimers.length);
    for (const tick of ticks) expect(tick).toMatchObject({ error: null, examined: expect.any(Number) });
  });
});
