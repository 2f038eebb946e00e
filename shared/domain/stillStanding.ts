import { ageHours, isFresh, type SourceFacts } from './purgeForecast.ts';
import { isIdle, mostProducedIn, paceOf } from './purgePace.ts';

/**
 * How many archived files stand on the source at least: of those that were counted, what may have been deleted since for new
 * ones is gone. Where nobody knows how fast that goes, only a fresh measurement is counted on.
 */
export function stillStanding(source: SourceFacts, now: Date): number {
  const { sourceCap: cap, sourceCount: count, backlogCount: backlog, measuredAt } = source;
  if (count === null || backlog === null || measuredAt === null) return 0;
  const counted = Math.max(0, count - backlog);
  const pace = paceOf(source);
  if (cap === null || pace === undefined || (pace.perHour === 0 && !isIdle(source)))
    return isFresh(source, now) ? counted : 0;
  const produced = Math.ceil(mostProducedIn(ageHours(source, now), pace));
  const deleted = Math.max(0, produced - Math.max(0, cap - count));
  return Math.max(0, counted - deleted);
}
