import { createHash } from 'node:crypto';

const DAY_MS = 24 * 3_600_000;

/**
 * Whether a sealed folder is due for the look at every file of it that it gets once a day. Each folder has its own time
 * of day, drawn from its name, so that the looks of many folders spread over the day. A clock that jumps makes it due.
 */
export function isDailyLookDue(folder: string, lastLookMs: number, nowMs: number): boolean {
  const slotMs = (createHash('sha1').update(folder).digest().readUInt32BE(0) / 2 ** 32) * DAY_MS;
  const dayOf = (at: number) => Math.floor((at - slotMs) / DAY_MS);
  return dayOf(lastLookMs) !== dayOf(nowMs);
}
