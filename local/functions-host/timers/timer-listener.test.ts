import { describe, expect, it } from 'vitest';
import type { Log } from '../../log.ts';
import { manualClock } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';
import type { TimerFunction } from './timer-function.ts';
import { memoryTimerLease } from './timer-lease.ts';
import type { TimerLease } from './timer-lease.ts';
import { TimerListener } from './timer-listener.ts';
import type { TimerTick } from './timer-listener.ts';
import { parseTimerSchedule } from './timer-schedule.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const start = Date.parse('2026-04-13T01:58:30Z');

interface Ran {
  readonly at: string;
  readonly due: string | undefined;
  readonly isPastDue: boolean;
}

interface Setup {
  schedule?: string;
  clock?: ManualClock;
  leases?: TimerLease;
  timer?: Partial<TimerFunction>;
  work?: (tick: TimerTick) => Promise<void>;
  log?: Log;
}

function listen(setup: Setup = {}) {
  const { schedule = '0 */5 * * * *', clock = manualClock(start), leases = memoryTimerLease() } = setup;
  const ran: Ran[] = [];
  const time = (ms: number): string => new Date(ms).toISOString().slice(8, 19);
  const timer: TimerFunction = {
    kind: 'timer',
    name: 'sweep',
    schedule: parseTimerSchedule(schedule, 'UTC'),
    runOnStartup: false,
    useMonitor: true,
    bindingName: 'timer',
    registered: { metadata: { name: 'sweep', bindings: {} }, callback: () => undefined },
    ...setup.timer,
  };
  const listener = new TimerListener({
    timer,
    leases,
    clock,
    log: setup.log ?? (() => undefined),
    run: async (_, tick) => {
      const due = tick.status === undefined ? undefined : time(tick.status.nextMs);
      ran.push({ at: time(clock.nowMs()), due, isPastDue: tick.isPastDue });
      await setup.work?.(tick);
    },
  });
  listener.start();
  return { clock, listener, ran, leases };
}

describe('L3 ticks', () => {
  it('come at their due times and say which due time they serve', async () => {
    const { clock, ran } = listen();
    await clock.advance(12 * minuteMs);
    expect(ran).toEqual([
      { at: '13T02:00:00', due: '13T02:00:00', isPastDue: false },
      { at: '13T02:05:00', due: '13T02:05:00', isPastDue: false },
      { at: '13T02:10:00', due: '13T02:10:00', isPastDue: false },
    ]);
  });

  it('go on after the function failed', async () => {
    const { clock, ran } = listen({ work: () => Promise.reject(new Error('no database')) });
    await clock.advance(12 * minuteMs);
    expect(ran).toHaveLength(3);
  });

  it('B5 come 60 days from now, though a timer of Node ends at 24.8', async () => {
    const { clock, ran } = listen({ schedule: '0 58 1 12 6 *' });
    await clock.advance(61 * dayMs);
    expect(ran.map(({ at }) => at)).toEqual(['12T01:58:00']);
  });

  it('B5 come within a minute after a clock was set past them', async () => {
    const { clock, ran } = listen({ schedule: '0 0 12 * * *' });
    await clock.advance(1);
    clock.set(start + dayMs);
    await clock.advance(minuteMs);
    expect(ran).toHaveLength(1);
  });

  it('at the start too, if the function asks for it', async () => {
    const { clock, ran } = listen({ timer: { runOnStartup: true } });
    await clock.advance(2 * minuteMs);
    expect(ran.map(({ at }) => at)).toEqual(['13T01:58:30', '13T02:00:00']);
  });
});

describe('L3 B6 a run that outlasts its period', () => {
  it('is never overlapped, and what came due meanwhile is one run after it', async () => {
    const clock = manualClock(start);
    let running = 0;
    let most = 0;
    const first = Promise.withResolvers<undefined>();
    const { ran } = listen({
      clock,
      work: async () => {
        running += 1;
        most = Math.max(most, running);
        if (ran.length === 1) await first.promise;
        running -= 1;
      },
    });
    await clock.advance(20 * minuteMs);
    expect(ran.map(({ at }) => at)).toEqual(['13T02:00:00']);
    first.resolve(undefined);
    await clock.advance(2 * minuteMs);
    expect(ran.map(({ at }) => at)).toEqual(['13T02:00:00', '13T02:18:30', '13T02:20:00']);
    expect(most).toBe(1);
  });
});

describe('L3 B3 ticks missed while no host ran', () => {
  it('are one run, past due, for the first that was missed', async () => {
    const leases = memoryTimerLease();
    const before = listen({ leases });
    await before.clock.advance(2 * minuteMs);
    await before.listener.stop();
    const after = listen({ leases, clock: manualClock(start + dayMs) });
    await after.clock.advance(2 * minuteMs);
    expect(after.ran).toEqual([
      { at: '14T01:58:30', due: '13T02:05:00', isPastDue: true },
      { at: '14T02:00:00', due: '14T02:00:00', isPastDue: false },
    ]);
  });

  it('are let go when the timer is not monitored', async () => {
    const leases = memoryTimerLease();
    const before = listen({ leases, timer: { useMonitor: false } });
    await before.clock.advance(2 * minuteMs);
    await before.listener.stop();
    const after = listen({ leases, clock: manualClock(start + dayMs), timer: { useMonitor: false } });
    await after.clock.advance(2 * minuteMs);
    expect(after.ran).toEqual([{ at: '14T02:00:00', due: undefined, isPastDue: false }]);
  });

  it('are let go when they belong to a schedule that was changed since', async () => {
    const leases = memoryTimerLease();
    const before = listen({ leases });
    await before.clock.advance(2 * minuteMs);
    await before.listener.stop();
    const after = listen({ leases, clock: manualClock(start + dayMs), schedule: '0 0 3 * * *' });
    await after.clock.advance(2 * 60 * minuteMs);
    expect(after.ran).toEqual([{ at: '14T03:00:00', due: '14T03:00:00', isPastDue: false }]);
  });

  it('are noticed although the timer never ran', async () => {
    const leases = memoryTimerLease();
    const before = listen({ leases, schedule: '0 0 0 1 * *' });
    await before.clock.advance(minuteMs);
    await before.listener.stop();
    const after = listen({ leases, clock: manualClock(start + 40 * dayMs), schedule: '0 0 0 1 * *' });
    await after.clock.advance(minuteMs);
    expect(after.ran.map(({ due, isPastDue }) => [due, isPastDue])).toEqual([['01T00:00:00', true]]);
  });
});

describe('L3 B1 two hosts on one lease', () => {
  it('serve each tick once, whichever comes first', async () => {
    const clock = manualClock(start);
    const leases = memoryTimerLease();
    const one = listen({ clock, leases });
    const two = listen({ clock, leases });
    await clock.advance(60 * minuteMs);
    const served = [...one.ran, ...two.ran].map(({ due }) => due);
    expect(served).toHaveLength(12);
    expect(new Set(served).size).toBe(12);
  });

  it('do not run at the same time, and the second goes on when the first is gone', async () => {
    const clock = manualClock(start);
    const leases = memoryTimerLease();
    const dead = await leases.acquire('sweep');
    const two = listen({ clock, leases });
    await clock.advance(10 * minuteMs);
    expect(two.ran).toEqual([]);
    await dead?.release();
    await clock.advance(10 * minuteMs);
    expect(two.ran.map(({ at }) => at)).toEqual(['13T02:10:00', '13T02:15:00']);
  });
});

describe('L3 B2 a lease that cannot be had', () => {
  it('delays a tick and never ends the schedule, and is logged once', async () => {
    const clock = manualClock(start);
    const healthy = memoryTimerLease();
    let isDown = false;
    const lines: string[] = [];
    const { ran } = listen({
      clock,
      leases: {
        acquire: (name) => (isDown ? Promise.reject(new Error('storage down')) : healthy.acquire(name)),
      },
      log: (level, message) => lines.push(`${level}: ${message}`),
    });
    await clock.advance(2 * minuteMs);
    isDown = true;
    await clock.advance(17 * minuteMs);
    isDown = false;
    await clock.advance(3 * minuteMs);
    expect(ran.map(({ due }) => due)).toEqual(['13T02:00:00', '13T02:05:00', '13T02:20:00']);
    expect(lines).toEqual(['warning: The lease of a timer cannot be used; its tick waits.']);
  });

  it('at the very start, or with a status that cannot be written, does not either', async () => {
    const clock = manualClock(start);
    const healthy = memoryTimerLease();
    let failures = 3;
    const { ran } = listen({
      clock,
      leases: {
        acquire: async (name) => {
          const lease = await healthy.acquire(name);
          if (lease === undefined) return undefined;
          return {
            ...lease,
            writeStatus: async (status) => {
              failures -= 1;
              if (failures >= 0) throw new Error('disk full');
              await lease.writeStatus(status);
            },
          };
        },
      },
    });
    await clock.advance(7 * minuteMs);
    expect(ran.map(({ at }) => at)).toEqual(['13T02:00:00', '13T02:05:00']);
  });
});

describe('L3 runs by hand', () => {
  it('wait for a run under way, and leave the schedule as it was', async () => {
    const clock = manualClock(start);
    const gate = Promise.withResolvers<undefined>();
    const { listener, ran } = listen({
      clock,
      work: async () => {
        if (ran.length === 1) await gate.promise;
      },
    });
    await clock.advance(2 * minuteMs);
    const byHand = listener.runByHand();
    await clock.advance(minuteMs);
    expect(ran).toHaveLength(1);
    gate.resolve(undefined);
    await byHand;
    await clock.advance(4 * minuteMs);
    expect(ran.map(({ at, due }) => [at, due])).toEqual([
      ['13T02:00:00', '13T02:00:00'],
      ['13T02:01:30', '13T02:01:30'],
      ['13T02:05:00', '13T02:05:00'],
    ]);
  });

  it('reject with what the function threw, or when another host runs the timer', async () => {
    const failing = listen({ work: () => Promise.reject(new Error('no database')) });
    await expect(failing.listener.runByHand()).rejects.toThrow('no database');
    await failing.leases.acquire('sweep');
    await expect(failing.listener.runByHand()).rejects.toThrow('running on another host');
  });
});

it('L3 stop waits for the run under way and takes no tick after it', async () => {
  const clock = manualClock(start);
  const gate = Promise.withResolvers<undefined>();
  const { listener, ran } = listen({ clock, work: () => gate.promise });
  await clock.advance(2 * minuteMs);
  let isStopped = false;
  const stopping = listener.stop().then(() => (isStopped = true));
  await clock.advance(10 * minuteMs);
  expect(isStopped).toBe(false);
  gate.resolve(undefined);
  await stopping;
  await clock.advance(dayMs);
  expect(ran).toHaveLength(1);
});
