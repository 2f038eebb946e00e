/** Azure Storage takes requests whose time differs by 15 min at most; the warning comes well before. */
export const MAX_CLOCK_OFFSET_MS = 5 * 60_000;
export const REFUSED_CLOCK_OFFSET_MS = 15 * 60_000;

/** Whether an agent's clock differs from the server's by more than is good; milliseconds, positive: ahead. */
export function isClockWrong(offsetMs: number): boolean {
  return Math.abs(offsetMs) > MAX_CLOCK_OFFSET_MS;
}
