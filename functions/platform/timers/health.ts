import { Cron } from 'croner';
import type { Gap } from '../../../shared/domain/downtime.ts';
import type { TimerHandler } from './timer.ts';

export type TimerState = 'ok' | 'late' | 'blind' | 'failing' | 'never';

/** What the record of ticks says of one timer. */
export interface TickFacts {
  readonly lastDueAt: Date | null;
  readonly lastStartedAt: Date | null;
  readonly lastFinishedAt: Date | null;
  readonly lastError: string | null;
  /** When a tick last examined anything; null: never, as far as is kept. */
  readonly lastExaminedAt: Date | null;
  readonly firstDueAt: Date | null;
  /** Ticks in a row, the newest first, that ended with an error. */
  readonly failuresInRow: number;
}

export interface PlatformFacts {
  /** The first tick of any timer: before it nothing was due. */
  readonly since: Date | null;
  /** The start of this process: a timer without any tick may have come with it. */
  readonly startedAt: Date;
  readonly downtime: readonly Gap[];
  /** Without instruments there is little to examine. */
  readonly hasRunners: boolean;
}

const MINUTE_MS = 60_000;
/** A tick starts within seconds; a host that is restarted comes back within this. */
const LATE_AFTER_MS = 3 * MINUTE_MS;
/** Longer than any tick's own budget: what has not ended by then was killed, or hangs. */
const HANGS_AFTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How a timer is (SPEC S14): `late` when an occurrence passed without a tick while the platform was up, `failing` when its
 * newest ticks failed (three in a row where one comes every few minutes) or never ended, `blind` when it examined nothing for
 * longer than it declares plausible, `never` before its first occurrence.
 */
export function timerState(
  timer: Pick<TimerHandler, 'schedule' | 'plausibleIdleHours'>,
  ticks: TickFacts,
  platform: PlatformFacts,
  now: Date,
): TimerState {
  const due = lastDueBefore(timer.schedule, new Date(now.getTime() - LATE_AFTER_MS), platform);
  const isExpected = due !== undefined && (ticks.lastDueAt !== null || due >= platform.startedAt);
  if (isExpected && (ticks.lastDueAt === null || ticks.lastDueAt < due)) return 'late';
  if (ticks.lastDueAt === null) return 'never';
  if (isFailing(timer.schedule, ticks, now)) return 'failing';
  return isBlind(timer, ticks, platform, now) ? 'blind' : 'ok';
}

export function nextDueAt(schedule: string, now: Date): Date | null {
  return cronOf(schedule).nextRun(now);
}

/** The newest occurrence that should have had its tick: none while the platform was down, or not there yet. */
function lastDueBefore(schedule: string, before: Date, platform: PlatformFacts): Date | undefined {
  const [due] = cronOf(schedule).previousRuns(1, before);
  if (due === undefined || platform.since === null || due < platform.since) return undefined;
  const wasDown = platform.downtime.some(({ from, to }) => due >= from && due <= to);
  return wasDown ? undefined : due;
}

function isFailing(schedule: string, ticks: TickFacts, now: Date): boolean {
  const { lastStartedAt, lastFinishedAt } = ticks;
  const hangs =
    lastStartedAt !== null &&
    lastFinishedAt === null &&
    now.getTime() - lastStartedAt.getTime() > HANGS_AFTER_MS;
  return hangs || ticks.failuresInRow >= (periodMs(schedule, now) < HOUR_MS ? 3 : 1);
}

function isBlind(
  { plausibleIdleHours }: Pick<TimerHandler, 'plausibleIdleHours'>,
  ticks: TickFacts,
  platform: PlatformFacts,
  now: Date,
): boolean {
  if (plausibleIdleHours === undefined || !platform.hasRunners) return false;
  const since = ticks.lastExaminedAt ?? ticks.firstDueAt;
  if (since === null) return false;
  const downMs = platform.downtime.reduce((sum, gap) => sum + gap.to.getTime() - gap.from.getTime(), 0);
  return now.getTime() - since.getTime() - downMs > plausibleIdleHours * HOUR_MS;
}

function periodMs(schedule: string, now: Date): number {
  const [first, second] = cronOf(schedule).nextRuns(2, now);
  return first === undefined || second === undefined ? Infinity : second.getTime() - first.getTime();
}

function cronOf(schedule: string): Cron {
  return new Cron(schedule, { timezone: 'UTC', mode: '6-part' });
}
