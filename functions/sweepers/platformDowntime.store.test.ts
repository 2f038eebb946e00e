import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { sweepBackupAtRisk } from './backupAtRisk.ts';
import { dispatchTimer } from './dispatch.ts';
import { sweeperTimers } from './index.ts';
import { sweepOffline } from './offline.ts';
import { isUndecided, platformDowntime, signsOfLife } from './platformDowntime.ts';
import { sweepTimers, watchTimers } from './timerWatch.ts';

let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  await fleet.runners(2);
});
afterAll(() => archive.close());

const downtime = () => platformDowntime(archive.services, archive.services.now());
const openNow = async () => (await fleet.open()).map(({ fingerprint }) => fingerprint);

describe('platformDowntime', () => {
  it('S14 B2 B42 one timer that stands still is no outage: it is late, and who is silent meanwhile is found', async () => {
    await fleet.live(5, ['runner-1', 'runner-2']);
    await fleet.live(30, ['runner-2'], { timer: 'sweep-watchdog' });
    expect(await downtime()).toEqual([]);
    expect(await watchTimers(archive.services, () => [dispatchTimer])).toMatchObject([{ state: 'late' }]);
    await sweepTimers(archive.services, () => [dispatchTimer]);
    await sweepOffline(archive.services);
    expect(await openNow()).toEqual(['runner-offline:runner-1', 'timer:sweep-dispatch']);
  });

  it('S14 B42 where none of them ticks the platform is down, and so it is for a timer that never ticked', async () => {
    await fleet.live(5, [], { timer: 'sweep-watchdog' });
    const from = archive.services.now();
    fleet.down(60);
    expect(await downtime()).toEqual([{ from, to: archive.services.now() }]);
    await fleet.live(1, [], { timer: 'sweep-offline' });
    const to = archive.services.now();
    await fleet.live(5, []);
    expect(await downtime()).toEqual([{ from, to }]);
  });

  it('S14 B42 the timers whose ticks say that the platform is up are there, and tick every minute', () => {
    const schedules = signsOfLife.map((name) => sweeperTimers.find((timer) => timer.name === name)?.schedule);
    expect(schedules.every((schedule) => /^\d+ \* \* \* \* \*$/.test(schedule ?? ''))).toBe(true);
  });
});

describe('a platform that comes and goes', () => {
  it('S7 S14 B42 4 min down and 8 min up for a day: a dead agent and what it puts at risk are found all the same', async () => {
    await fleet.setJob('job-runner-1', atRisk);
    await fleet.live(1, ['runner-1', 'runner-2']);
    const heardAt = archive.services.now();
    for (let cycle = 1; cycle <= 120; cycle += 1) {
      fleet.down(4);
      await fleet.live(8, ['runner-2']);
      expect(isUndecided(heardAt, await downtime(), archive.services.now())).toBe(false);
      if (cycle % 60 !== 3) continue;
      await sweepOffline(archive.services);
      await sweepBackupAtRisk(archive.services);
      expect(await openNow()).toEqual(['backup-at-risk:job-runner-1', 'runner-offline:runner-1']);
    }
  });

  it('S1 B42 a long outage after a short one: everybody is heard out again', async () => {
    await fleet.live(1, []);
    const heardAt = archive.services.now();
    fleet.down(4);
    await fleet.live(120, []);
    fleet.down(14 * 60);
    await fleet.live(9, []);
    expect(isUndecided(heardAt, await downtime(), archive.services.now())).toBe(true);
    await fleet.live(2, []);
    expect(isUndecided(heardAt, await downtime(), archive.services.now())).toBe(false);
  });
});

const atRisk = {
  source_cap: 2400,
  source_count: 2400,
  backlog_count: 500,
  backlog_bytes: 500_000_000,
  purge_ahead: 100,
  produced_last_hour: 100,
  produced_last_day: 1000,
  produced_peak_hour: 100,
};
