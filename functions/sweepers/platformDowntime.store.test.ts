import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { dispatchTimer } from './dispatch.ts';
import { sweeperTimers } from './index.ts';
import { sweepOffline } from './offline.ts';
import { platformDowntime, signsOfLife } from './platformDowntime.ts';
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
