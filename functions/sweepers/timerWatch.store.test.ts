import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../test/support/sweptFleet.ts';
import { runTick } from '../platform/timers/runTick.ts';
import type { TimerHandler } from '../platform/timers/timer.ts';
import { sweepTimers, timerWatch, watchTimers } from './timerWatch.ts';

const HOUR = 60;
let archive: TestArchive;
let fleet: FleetMaker;
let examined = 1;
let fault: Error | undefined;

const watched: TimerHandler = {
  name: 'sweep-watched',
  schedule: '0 */5 * * * *',
  plausibleIdleHours: 24,
  work: async () => {
    if (fault !== undefined) throw fault;
    return { examined, changed: 0 };
  },
};
const timers = (): readonly TimerHandler[] => [watched, watch];
const watch = timerWatch(timers);

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  await fleet.runners(1);
  examined = 1;
  fault = undefined;
});
afterAll(() => archive.close());

async function ticksOf(timer: TimerHandler, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) {
    await fleet.live(5, ['runner-1']);
    await runTick(timer, archive.services);
  }
}
const stateOf = async () => (await watchTimers(archive.services, timers))[0]?.state;

describe('sweepTimers', () => {
  it('S14 B2 finds a timer that stopped, and sees it come back', async () => {
    await ticksOf(watched, 2);
    expect(await stateOf()).toBe('ok');
    await fleet.live(15, ['runner-1']);
    await sweepTimers(archive.services, () => [watched]);
    expect(await fleet.open()).toMatchObject([
      { fingerprint: 'timer:sweep-watched', title: 'Timer sweep-watched does not run' },
    ]);
    await ticksOf(watched, 1);
    await sweepTimers(archive.services, () => [watched]);
    expect(await fleet.open()).toEqual([]);
  });

  it('S14 finds a timer that fails again and again, with its error', async () => {
    fault = new Error('Connection is closed');
    await ticksOf(watched, 2);
    expect(await stateOf()).toBe('ok');
    await ticksOf(watched, 1);
    await sweepTimers(archive.services, () => [watched]);
    const [alert] = await fleet.open();
    expect(alert?.detail).toContain('Connection is closed');
    fault = undefined;
    await ticksOf(watched, 1);
    expect(await stateOf()).toBe('ok');
  });

  it('B8 finds a sweeper that sweeps nothing for longer than is plausible', async () => {
    await ticksOf(watched, 1);
    examined = 0;
    await fleet.live(23 * HOUR, ['runner-1']);
    await ticksOf(watched, 1);
    expect(await stateOf()).toBe('ok');
    await fleet.live(HOUR, ['runner-1']);
    await ticksOf(watched, 1);
    expect(await stateOf()).toBe('blind');
    await fleet.setRunner('runner-1', { status: 'disabled' });
    expect(await stateOf()).toBe('ok');
  });

  it('S14 B42 the platform’s own downtime makes no timer late', async () => {
    await ticksOf(watched, 1);
    fleet.down(8 * HOUR);
    expect(await stateOf()).toBe('ok');
    await fleet.live(4, ['runner-1']);
    expect(await stateOf()).toBe('ok');
  });

  it('S14 watches itself too, and counts the ticks of the last day', async () => {
    await ticksOf(watch, 3);
    const [, itself] = await watchTimers(archive.services, timers);
    expect(itself).toMatchObject({
      state: 'ok',
      record: { ticks: 3, failed: 0, examined: 2, lastError: null },
    });
  });
});
