import { downtimeGaps, type Gap } from '../../shared/domain/downtime.ts';
import type { Services } from '../platform/services.ts';
import { DISPATCH_TIMER } from './dispatch.ts';
import { tickStarts } from './store.ts';

/** Each ticks every minute; while any does, the platform is up. Several, so that one that fails or hangs is no outage. */
export const signsOfLife: readonly string[] = [DISPATCH_TIMER, 'sweep-watchdog', 'sweep-offline'];
/** Three minutes without a tick of any mean that the platform was down. */
const TOLERATED_GAP_MS = 3 * 60_000;
const LOOK_BACK_MS = 7 * 24 * 3_600_000;
const MAX_TICKS = 15_000;
/**
 * After its own outage the platform hears everybody out before it calls anybody silent: agents come back one after another. No
 * longer than it was down, so that a platform that comes and goes still finds who is dead.
 */
const SETTLE_MS = 10 * 60_000;

/**
 * The platform's own downtime of the last seven days, read from the ticks of its timers; deadlines are extended by it. Where the
 * ticks of one leave no gap in all that time, no other is asked.
 */
export async function platformDowntime(services: Services, now: Date): Promise<Gap[]> {
  const since = new Date(now.getTime() - LOOK_BACK_MS);
  const ticks: Date[] = [];
  let gaps: Gap[] = [];
  for (const name of signsOfLife) {
    ticks.push(...(await tickStarts(services.database.db, name, since, MAX_TICKS)));
    gaps = downtimeGaps(ticks, now, TOLERATED_GAP_MS);
    if (gaps.length === 0 && ticks.some((tick) => tick < since)) break;
  }
  return gaps;
}

/** When the platform came back, if that was so recently that who was not heard since must not be judged yet. */
export function settlingSince(gaps: readonly Gap[], now: Date): Date | undefined {
  const last = gaps.at(-1);
  if (last === undefined) return undefined;
  const settleMs = Math.min(SETTLE_MS, last.to.getTime() - last.from.getTime());
  return now.getTime() - last.to.getTime() < settleMs ? last.to : undefined;
}

/** True while nobody can know whether it is silent or has only had no time to speak. */
export function isUndecided(lastSignAt: Date | null, gaps: readonly Gap[], now: Date): boolean {
  const back = settlingSince(gaps, now);
  return back !== undefined && (lastSignAt === null || lastSignAt.getTime() < back.getTime());
}
