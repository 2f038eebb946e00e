import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { sweepNotifications } from '../alerts/timers.ts';
import { sweepOffline } from './offline.ts';
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

describe('sweepStalled', () => {
  it('S6 finds a job without a finished run for four hours while its runner heartbeats', async () => {
    await fleet.runners(1);
    await fleet.endedRun('runner-1', 'complete');
    await fleet.live(4 * HOUR, ['runner-1']);
    await sweepStalled(archive.services);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(2, ['runner-1']);
    await sweepStalled(archive.services);
    expect(await fleet.open()).toMatchObject([{ fingerprint: 'sync-stalled:job-runner-1' }]);
    await fleet.endedRun('runner-1', 'partial');
    await sweepStalled(archive.services);
    expect(await fleet.open()).toEqual([]);
  });

  it('S6 twice its schedule where that is longer, and never of a silent runner, a paused job or a run that archives', async () => {
    await fleet.runners(3);
    await fleet.setJob('job-runner-1', { schedule_seconds: 3 * 3600 });
    await fleet.setJob('job-runner-2', { paused_reason: 'the source looks empty' });
    await fleet.live(5 * HOUR, ['runner-1', 'runner-2', 'runner-3']);
    await fleet.liveRun('runner-3', { archivedMinutesAgo: 20 });
    await sweepStalled(archive.services);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(11, ['runner-1', 'runner-2', 'runner-3']);
    await sweepStalled(archive.services);
    expect(await fleet.open()).toMatchObject([{ fingerprint: 'sync-stalled:job-runner-3' }]);
    await fleet.live(5, ['runner-1']);
    await fleet.live(60, ['runner-1']);
    await sweepStalled(archive.services);
    expect((await fleet.open()).map(({ fingerprint }) => fingerprint)).toContain('sync-stalled:job-runner-1');
  });

  it('S6 does not count the time in which its runner was silent', async () => {
    await fleet.runners(2);
    await fleet.live(10, ['runner-2']);
    await sweepOffline(archive.services);
    await fleet.live(6 * HOUR, ['runner-2']);
    await fleet.endedRun('runner-2', 'complete');
    await fleet.live(1, ['runner-1', 'runner-2']);
    await sweepOffline(archive.services);
    await sweepStalled(archive.services);
    expect(await fleet.open()).toEqual([]);
  });
});

describe('sweepStalled and silences', () => {
  const both = ['runner-1', 'runner-2'];
  const stalled = async () => {
    await sweepStalled(archive.services);
    return (await fleet.open()).filter(({ fingerprint }) => fingerprint === 'sync-stalled:job-runner-1')
      .length;
  };
  /** Runner-1 is silent for so long, and was then heard of for a minute. */
  const blink = async (minutes: number): Promise<void> => {
    await fleet.live(minutes, ['runner-2']);
    await sweepOffline(archive.services);
    await fleet.live(1, both);
    await sweepOffline(archive.services);
  };

  it('S6 a stalled job is not told as over while its runner is silent, and is when a run has finished', async () => {
    await fleet.runners(1);
    await fleet.live(4 * HOUR + 1, ['runner-1']);
    expect(await stalled()).toBe(1);
    for (const minutes of [6, 6]) {
      await fleet.live(minutes, []);
      expect(await stalled()).toBe(1);
    }
    await fleet.live(1, ['runner-1']);
    await fleet.endedRun('runner-1', 'complete');
    expect(await stalled()).toBe(0);
  });

  it('S6 counts the time between two silences of one alert that was reopened', async () => {
    await fleet.runners(2);
    await blink(15);
    await fleet.live(45, both);
    await blink(12);
    expect((await archive.database.db.selectFrom('alerts').select('reopened_count').execute())[0]).toEqual({
      reopened_count: 1,
    });
    await fleet.live(3 * HOUR, both);
    expect(await stalled()).toBe(0);
    await fleet.live(15, both);
    expect(await stalled()).toBe(1);
  });

  it('S6 B39 counts the hour for which the alert of a runner that comes and goes stays open', async () => {
    await fleet.runners(2);
    for (let turn = 0; turn < 5; turn += 1) await blink(12);
    await fleet.live(70, both);
    await sweepNotifications(archive.services);
    expect(await fleet.open()).toEqual([]);
    await fleet.live(3 * HOUR - 30, both);
    expect(await stalled()).toBe(0);
    await fleet.live(25, both);
    expect(await stalled()).toBe(1);
  });
});
