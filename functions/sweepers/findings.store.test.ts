import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { sweepBackupAtRisk } from './backupAtRisk.ts';
import { sweepClockSkew } from './clockSkew.ts';
import { sweepOffline } from './offline.ts';
import { sweepShareAccess } from './shareAccess.ts';
import { sweepStalled } from './stalled.ts';

const HOUR = 60;
let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(() => fleet.clear());
afterAll(() => archive.close());

describe('sweepOffline', () => {
  it('S6 finds a runner that is silent for ten minutes, and its next heartbeat resolves it', async () => {
    const [first] = await fleet.runners(2);
    await fleet.live(9, ['runner-2']);
    expect(await sweepOffline(archive.services)).toEqual({ examined: 2, changed: 0 });
    await fleet.live(1, ['runner-2']);
    expect(await sweepOffline(archive.services)).toMatchObject({ changed: 1 });
    expect(await fleet.open()).toMatchObject([
      { fingerprint: 'runner-offline:runner-1', severity: 'warning', runner_id: first },
    ]);
    await fleet.live(20, ['runner-1', 'runner-2']);
    await sweepOffline(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('S6 S13 all runners at once are one alert, the runners its effects', async () => {
    await fleet.runners(3);
    await fleet.live(10, []);
    await sweepOffline(archive.services);
    const open = await fleet.open();
    const cause = open.find((alert) => alert.fingerprint === 'all-runners-silent');
    expect(cause).toMatchObject({ severity: 'critical', cause_alert_id: null });
    const effects = open.filter((alert) => alert.id !== cause?.id);
    expect(effects.map((alert) => alert.cause_alert_id)).toEqual([cause?.id, cause?.id, cause?.id]);
  });

  it('S6 the runners of one site are the site’s alert while others are heard of', async () => {
    await fleet.runners(3, { group: ['runner-1', 'runner-2'] });
    await fleet.live(10, ['runner-3']);
    await sweepOffline(archive.services);
    expect((await fleet.open()).map((alert) => alert.fingerprint)).toEqual([
      'runner-offline:runner-1',
      'runner-offline:runner-2',
      'site-silent:site',
    ]);
  });

  it.each([
    ['of their group', ['site'], []],
    ['of each of them', [], ['runner-1', 'runner-2']],
  ])('S8 S6 that all are silent in a window %s is told to nobody before its end', async (_, groups, ids) => {
    await fleet.runners(2, { group: ['runner-1', 'runner-2'] });
    for (const id of groups) await fleet.window({ group_id: id }, 60);
    for (const id of ids) await fleet.window({ runner_id: id }, id === 'runner-1' ? 60 : 90);
    await fleet.live(10, []);
    await sweepOffline(archive.services);
    const [all] = await fleet.open();
    const inMinutes = (all!.tell_due_at!.getTime() - archive.services.now().getTime()) / 60_000;
    expect([all!.fingerprint, all!.tell_transition, inMinutes]).toEqual(['all-runners-silent', 'opened', 50]);
  });

  it('S8 S6 that all are silent is told when one of them is in no window', async () => {
    await fleet.runners(3, { group: ['runner-1', 'runner-2'] });
    await fleet.window({ group_id: 'site' }, 60);
    await fleet.live(10, []);
    await sweepOffline(archive.services);
    expect((await fleet.open())[0]).toMatchObject({
      fingerprint: 'all-runners-silent',
      tell_transition: null,
      tell_due_at: null,
    });
  });

  it('S13 S6 a site that was silent before all were stays its alert, and is not told as resolved', async () => {
    await fleet.runners(4, { group: ['runner-1', 'runner-2'] });
    const states = async () => {
      await sweepOffline(archive.services);
      const rows = await fleet.open();
      const site = rows.find(({ fingerprint }) => fingerprint === 'site-silent:site');
      const all = rows.find(({ fingerprint }) => fingerprint === 'all-runners-silent');
      return [site?.reopened_count, site?.cause_alert_id === (all?.id ?? null), all !== undefined];
    };
    await fleet.live(10, ['runner-3', 'runner-4']);
    expect(await states()).toEqual([0, true, false]);
    await fleet.live(11, []);
    expect(await states()).toEqual([0, true, true]);
    await fleet.live(2, ['runner-3', 'runner-4']);
    expect(await states()).toEqual([0, true, false]);
  });

  it('S1 B42 coming back after an outage of the platform pages nobody, and who stays away is found', async () => {
    await fleet.runners(2);
    await fleet.live(5, []);
    fleet.down(16 * HOUR);
    expect(await sweepOffline(archive.services)).toMatchObject({ changed: 0 });
    await fleet.live(4, []);
    await sweepOffline(archive.services);
    await fleet.live(5, ['runner-2']);
    expect(await sweepOffline(archive.services)).toMatchObject({ changed: 0 });
    expect(await fleet.open()).toEqual([]);
    await fleet.live(3, ['runner-2']);
    await sweepOffline(archive.services);
    expect((await fleet.open()).map((alert) => alert.fingerprint)).toEqual(['runner-offline:runner-1']);
  });

  it('S1 B42 coming back after weeks of an outage pages nobody either', async () => {
    await fleet.runners(2);
    await fleet.live(5, []);
    fleet.down(20 * 24 * HOUR);
    await fleet.live(1, []);
    expect(await sweepOffline(archive.services)).toMatchObject({ changed: 0 });
    await fleet.live(5, ['runner-2']);
    await sweepOffline(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('S1 B42 an alert from before the outage is neither resolved nor doubled by the coming back', async () => {
    await fleet.runners(2);
    await fleet.live(10, ['runner-2']);
    await sweepOffline(archive.services);
    fleet.down(60);
    await sweepOffline(archive.services);
    expect((await fleet.open()).map((alert) => alert.fingerprint)).toEqual(['runner-offline:runner-1']);
  });

  it('B15 an agent’s clock from a day behind to a day ahead makes nobody offline, and is found itself', async () => {
    const [wrong] = await fleet.runners(2);
    for (const offsetMs of [-86_400_000, -301_000, 301_000, 86_400_000]) {
      await fleet.setRunner('runner-1', { clock_offset_ms: offsetMs });
      await fleet.live(1, ['runner-1', 'runner-2']);
      expect(await sweepOffline(archive.services)).toMatchObject({ changed: 0 });
      await sweepClockSkew(archive.services);
      expect(await fleet.open()).toMatchObject([{ fingerprint: `clock-skew:${wrong ?? ''}` }]);
    }
    await fleet.setRunner('runner-1', { clock_offset_ms: 300_000 });
    await sweepClockSkew(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('B1 two instances that sweep at the same moment make one alert', async () => {
    await fleet.runners(2);
    await fleet.live(10, ['runner-2']);
    await Promise.all([sweepOffline(archive.services), sweepOffline(archive.services)]);
    expect(await fleet.open()).toHaveLength(1);
  });
});

describe('sweepShareAccess', () => {
  it('S6 says what keeps a runner from its share, and resolves it when that is over', async () => {
    await fleet.runners(1);
    const say = async (status: string) => {
      await fleet.setRunner('runner-1', { azure_files_status: status });
      await sweepShareAccess(archive.services);
      return (await fleet.open()).map(({ title, severity }) => `${severity}: ${title}`);
    };
    expect(await say('auth_failure')).toEqual(['warning: runner-1: the share refuses its credential']);
    expect(await say('full')).toEqual(['critical: runner-1: its share is full']);
    expect(await say('ok')).toEqual([]);
  });

  it('S13 runners that cannot reach their common share are its effects', async () => {
    await fleet.runners(2);
    for (const name of ['runner-1', 'runner-2'])
      await fleet.setRunner(name, { azure_files_status: 'unreachable', share_name: 'common' });
    await sweepShareAccess(archive.services);
    const open = await fleet.open();
    const cause = open.find(({ fingerprint }) => fingerprint === 'share-down:common');
    expect(open.filter((alert) => alert.cause_alert_id === cause?.id)).toHaveLength(2);
  });

  it('S6 the last word of a silent runner stays as it was', async () => {
    await fleet.runners(2);
    await fleet.setRunner('runner-1', { azure_files_status: 'auth_failure' });
    await sweepShareAccess(archive.services);
    await fleet.live(20, ['runner-2']);
    await sweepShareAccess(archive.services);
    expect(await fleet.open()).toHaveLength(1);
  });
});

describe('sweepBackupAtRisk', () => {
  const full = {
    source_cap: 2400,
    source_count: 2400,
    backlog_count: 500,
    backlog_bytes: 500_000_000,
    purge_ahead: 1900,
    produced_last_hour: 100,
    produced_last_day: 1000,
    produced_peak_hour: 100,
    upload_files_per_hour: 7200,
    upload_bytes_per_second: 2_000_000,
  };

  it('S7 F14 finds a job whose files are deleted before long, in numbers, and resolves it when that is over', async () => {
    await fleet.runners(1);
    await fleet.setJob('job-runner-1', { ...full, kind: 'tree' });
    expect(await sweepBackupAtRisk(archive.services)).toMatchObject({ examined: 1, changed: 0 });
    await fleet.setJob('job-runner-1', { purge_ahead: 300 });
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toMatchObject([
      {
        fingerprint: 'backup-at-risk:job-runner-1',
        severity: 'critical',
        job_id: 'job-runner-1',
        facts_json: { rule: 'purge-near', pendingFiles: 500, hoursLeft: 3 },
      },
    ]);
    await fleet.setJob('job-runner-1', { backlog_count: 0, purge_ahead: null });
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('S7 finds a geometry job whose latest run failed with a backlog, a cycle after its last good one', async () => {
    await fleet.runners(2);
    await fleet.setJob('job-runner-1', { backlog_count: 3 });
    await fleet.setJob('job-runner-2', { backlog_count: 0 });
    for (const name of ['runner-1', 'runner-2']) {
      await fleet.endedRun(name, 'complete');
      await fleet.live(1, ['runner-1', 'runner-2']);
      await fleet.endedRun(name, 'failed');
    }
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(6, ['runner-1', 'runner-2']);
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toMatchObject([{ fingerprint: 'backup-at-risk:job-runner-1' }]);
  });

  it('S7 an idle weekend is never flagged', async () => {
    await fleet.runners(1);
    await fleet.setJob('job-runner-1', { ...full, backlog_count: 0, purge_ahead: null });
    await fleet.endedRun('runner-1', 'complete');
    await sweepBackupAtRisk(archive.services);
    await fleet.setJob('job-runner-1', {
      produced_last_hour: 0,
      produced_peak_hour: 0,
      produced_last_day: 0,
    });
    for (let hours = 0; hours < 60; hours += 4) {
      await fleet.live(4 * HOUR, ['runner-1']);
      await fleet.endedRun('runner-1', 'complete');
      await Promise.all([sweepBackupAtRisk(archive.services), sweepStalled(archive.services)]);
    }
    expect(await fleet.everOpened()).toBe(0);
  });

  it('F14 remembers over an idle weekend how fast the instrument can be', async () => {
    await fleet.runners(1);
    await fleet.setJob('job-runner-1', full);
    await sweepBackupAtRisk(archive.services);
    await fleet.live(60 * HOUR, ['runner-1']);
    const idle = { produced_last_hour: 0, produced_peak_hour: 0, produced_last_day: 0, purge_ahead: 300 };
    await fleet.setJob('job-runner-1', idle);
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toMatchObject([{ facts_json: { hoursLeft: 3 } }]);
    await fleet.live(40 * 24 * HOUR, ['runner-1'], { ticks: false });
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('S7 F14 a silent agent: its files are told of apart from its silence', async () => {
    await fleet.runners(2);
    await fleet.setJob('job-runner-1', {
      ...full,
      backlog_count: 0,
      purge_ahead: null,
      produced_last_day: 2400,
    });
    await fleet.live(13 * HOUR, ['runner-2']);
    await sweepOffline(archive.services);
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.open()).toMatchObject([
      { fingerprint: 'backup-at-risk:job-runner-1', cause_alert_id: null },
      { fingerprint: 'runner-offline:runner-1' },
    ]);
  });

  it('S1 B42 after an outage of the platform nothing is judged by what was heard before it', async () => {
    await fleet.runners(1);
    await fleet.setJob('job-runner-1', {
      ...full,
      backlog_count: 0,
      purge_ahead: null,
      produced_last_day: 2400,
    });
    await fleet.live(1, ['runner-1']);
    fleet.down(14 * HOUR);
    await sweepBackupAtRisk(archive.services);
    await fleet.live(3, ['runner-1']);
    await sweepBackupAtRisk(archive.services);
    expect(await fleet.everOpened()).toBe(0);
  });
});
