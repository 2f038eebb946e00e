import { Cron } from 'croner';

/** How much too early a host may fire and still mean the coming occurrence. */
const EARLY_MS = 2000;

/**
 * The occurrence of a schedule (NCRONTAB with six fields, UTC) that a tick at `now` is for: two instances whose clocks
 * differ by less than the schedule's own distance name the same one, and a late tick names the one it missed.
 * Throws for a schedule that cannot be read or that never occurs.
 */
export function dueAtOf(schedule: string, now: Date): Date {
  const cron = new Cron(schedule, { timezone: 'UTC', mode: '6-part' });
  const [latest] = cron.previousRuns(1, new Date(now.getTime() + EARLY_MS));
  if (latest === undefined)
    throw new RangeError(`Schedule ${schedule} has no occurrence before ${now.toISOString()}`);
  return latest;
}
