/** A stretch in which the platform itself was down. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Finds the platform's own downtime in the ticks of a timer that runs every `everyMs`: where two ticks (or the last
 * one and now) lie further apart than `toleratedMs`, nothing ran between them. `ticks` are the moments at which ticks
 * really started, in any order. Before the first tick nothing is known, and nothing counts as downtime.
 */
export function downtimeGaps(ticks: readonly Date[], now: Date, toleratedMs: number): Gap[] {
  const moments = [...ticks.map((tick) => tick.getTime()).sort((a, b) => a - b), now.getTime()];
  const gaps: Gap[] = [];
  for (let index = 1; index < moments.length; index += 1) {
    const [from, to] = [moments[index - 1] ?? 0, moments[index] ?? 0];
    if (to - from > toleratedMs) gaps.push({ from: new Date(from), to: new Date(to) });
  }
  return gaps;
}

/** The moment since which the platform itself has been up for `uptimeMs`, in one piece or several. */
export function uptimeAgo(uptimeMs: number, now: Date, gaps: readonly Gap[]): Date {
  let left = uptimeMs;
  let until = now.getTime();
  for (const gap of gaps.toSorted((a, b) => b.to.getTime() - a.to.getTime())) {
    const up = Math.max(0, until - gap.to.getTime());
    if (up > left) break;
    left -= up;
    until = Math.min(until, gap.from.getTime());
  }
  return new Date(until - left);
}

/** How long something has been silent at `now`, less the downtime of the platform within that time; milliseconds, never negative. */
export function silenceMs(lastSignAt: Date, now: Date, gaps: readonly Gap[]): number {
  const since = lastSignAt.getTime();
  const until = now.getTime();
  const down = gaps.reduce((total, gap) => {
    const from = Math.max(gap.from.getTime(), since);
    const to = Math.min(gap.to.getTime(), until);
    return total + Math.max(0, to - from);
  }, 0);
  return Math.max(0, until - since - down);
}
