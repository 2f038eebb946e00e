import type { RegisteredFunction } from '../function-app.ts';
import { parseTimerSchedule } from './timer-schedule.ts';
import type { TimerSchedule } from './timer-schedule.ts';

export interface TimerFunction {
  readonly kind: 'timer';
  readonly name: string;
  readonly schedule: TimerSchedule;
  readonly runOnStartup: boolean;
  /** Whether ticks missed while no host ran are noticed and made up for by one run. */
  readonly useMonitor: boolean;
  readonly bindingName: string;
  readonly registered: RegisteredFunction;
}

export interface TimerReading {
  readonly timeZone: string;
  readonly resolveSetting: (text: string) => string;
}

const leastMonitoredMs = 60_000;

/** Reads a timer trigger; `%NAME%` in its schedule stands for a setting. Azure monitors timers from one a minute upwards unless told otherwise. */
export function readTimerFunction(
  registered: RegisteredFunction,
  bindingName: string,
  { timeZone, resolveSetting }: TimerReading,
): TimerFunction {
  const { name, bindings } = registered.metadata;
  const trigger = (bindings[bindingName] ?? {}) as {
    schedule?: string;
    runOnStartup?: boolean;
    useMonitor?: boolean;
  };
  const schedule = readSchedule(name, trigger.schedule, timeZone, resolveSetting);
  return {
    kind: 'timer',
    name,
    schedule,
    runOnStartup: trigger.runOnStartup === true,
    useMonitor: trigger.useMonitor !== false && periodMs(schedule) >= leastMonitoredMs,
    bindingName,
    registered,
  };
}

function readSchedule(
  name: string,
  text: string | undefined,
  timeZone: string,
  resolveSetting: (text: string) => string,
): TimerSchedule {
  if (text === undefined) throw new Error(`Timer function "${name}" has no schedule.`);
  try {
    return parseTimerSchedule(resolveSetting(text), timeZone);
  } catch (error) {
    throw new Error(`Timer function "${name}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function periodMs(schedule: TimerSchedule): number {
  const first = schedule.next(0);
  return schedule.next(first) - first;
}
