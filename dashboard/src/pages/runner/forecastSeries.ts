import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { jobForecast } from '../../../../shared/contract/operations.ts';

export type ForecastAnswer = ResponseOf<typeof jobForecast>;

/** Farther ahead a picture would show one flat line; the words beside it say the rest. */
const HOUR_MS = 3_600_000;
const AHEAD_MS = 96 * HOUR_MS;
/** Nearer than this the past would press what is to come to a line: no more than four times the time left is shown. */
const SHORTEST_PAST_MS = 3 * HOUR_MS;

/** The columns of the picture, of one length; null where a curve has no point. Times are seconds since 1970. */
export interface ForecastSeries {
  readonly times: number[];
  readonly source: Array<number | null>;
  readonly expected: Array<number | null>;
  readonly backlog: Array<number | null>;
  readonly untilPurge: Array<number | null>;
  readonly cap: Array<number | null>;
}

/**
 * Past and expectation on one axis. The expected curve begins at the last count that was reported, so that the two are
 * one line; what lies more than four days ahead is left out.
 */
export function forecastSeries(answer: ForecastAnswer): ForecastSeries {
  const until = Date.parse(answer.now) + AHEAD_MS;
  const since = Date.parse(answer.now) - pastShown(answer.forecast.hoursLeft);
  const past = answer.history
    .filter((point) => Date.parse(point.at) >= since)
    .map((point) => ({ ...point, time: seconds(point.at) }));
  const ahead = answer.expected
    .filter((point) => Date.parse(point.at) <= until)
    .map((point) => ({ ...point, time: seconds(point.at) }));
  const times = [...new Set([...past, ...ahead].map((point) => point.time))].sort((a, b) => a - b);
  const pastAt = new Map(past.map((point) => [point.time, point]));
  const aheadAt = new Map(ahead.map((point) => [point.time, point]));
  const last = past.at(-1);
  const isJoint = (time: number) => ahead.length > 0 && time === last?.time;
  return {
    times,
    source: times.map((time) => pastAt.get(time)?.sourceCount ?? null),
    expected: times.map(
      (time) => aheadAt.get(time)?.sourceCount ?? (isJoint(time) ? (last?.sourceCount ?? null) : null),
    ),
    backlog: times.map((time) => pastAt.get(time)?.backlogCount ?? null),
    untilPurge: times.map((time) => aheadAt.get(time)?.filesUntilPurge ?? null),
    cap: times.map(() => answer.sourceCap),
  };
}

function pastShown(hoursLeft: number | null): number {
  return hoursLeft === null ? Infinity : Math.max(SHORTEST_PAST_MS, 4 * hoursLeft * HOUR_MS);
}

function seconds(instant: string): number {
  return Date.parse(instant) / 1000;
}
