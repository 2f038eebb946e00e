import { filesUntilPurge, type PurgeForecast, type SourceFacts } from './purgeForecast.ts';
import { mostProducedIn, paceOf } from './purgePace.ts';

export interface ExpectedPoint {
  readonly at: Date;
  readonly sourceCount: number;
  readonly filesUntilPurge: number;
}

const HOUR_MS = 3_600_000;
/** A purge that is further off is drawn as far as this. */
const MAX_HOURS = 14 * 24;
const POINTS = 60;

/** What the forecast expects from now to the purge, oldest first; empty where nothing is forecast or the purge has passed. */
export function expectedUntilPurge(source: SourceFacts, forecast: PurgeForecast, now: Date): ExpectedPoint[] {
  const pace = paceOf(source);
  const files = filesUntilPurge(source);
  const { sourceCap: cap, sourceCount: count, measuredAt } = source;
  if (forecast.hoursLeft === null || forecast.hoursLeft === 0) return [];
  if (pace === undefined || files === undefined || cap === null || count === null || measuredAt === null)
    return [];
  const hours = Math.min(MAX_HOURS, forecast.hoursLeft);
  return Array.from({ length: POINTS + 1 }, (_, index) => {
    const at = new Date(now.getTime() + (index / POINTS) * hours * HOUR_MS);
    const produced = mostProducedIn(Math.max(0, at.getTime() - measuredAt.getTime()) / HOUR_MS, pace);
    return {
      at,
      sourceCount: Math.min(Math.max(cap, count), Math.floor(count + produced)),
      filesUntilPurge: Math.max(0, Math.ceil(files - produced)),
    };
  });
}
