/** How full something was at a moment. */
export interface QuotaReading {
  readonly at: Date;
  readonly usedBytes: number;
  /** Null: no quota is known. */
  readonly quotaBytes: number | null;
}

const DAY_MS = 24 * 3_600_000;
/** Growth over less time says nothing about the days to come. */
const LEAST_SPAN_MS = DAY_MS;
const WARN_PART = 0.8;
const CRITICAL_PART = 0.95;
const WARN_DAYS = 30;
const CRITICAL_DAYS = 7;
/** A day so far off is no instant. */
const MAX_DAYS = 36_500;

/**
 * When it will be full, at the growth of the readings (a straight line through them, by least squares); null when it does not
 * grow, has no quota, or the readings span less than a day. Full already: the last reading's moment.
 */
export function fullAt(readings: readonly QuotaReading[]): Date | null {
  const last = lastOf(readings);
  if (last === undefined) return null;
  if (last.quotaBytes === null) return null;
  if (last.usedBytes >= last.quotaBytes) return last.at;
  const perMs = growthPerMs(readings);
  if (perMs === undefined || perMs <= 0) return null;
  const leftMs = (last.quotaBytes - last.usedBytes) / perMs;
  return leftMs > MAX_DAYS * DAY_MS ? null : new Date(last.at.getTime() + leftMs);
}

/** How bad that is: by how full it is, and by when it will be full. */
export function quotaLevel(readings: readonly QuotaReading[], now: Date): 'ok' | 'warning' | 'critical' {
  const last = lastOf(readings);
  if (last === undefined || last.quotaBytes === null || last.quotaBytes === 0) return 'ok';
  const part = last.usedBytes / last.quotaBytes;
  const days = ((fullAt(readings)?.getTime() ?? Infinity) - now.getTime()) / DAY_MS;
  if (part >= CRITICAL_PART || days < CRITICAL_DAYS) return 'critical';
  return part >= WARN_PART || days < WARN_DAYS ? 'warning' : 'ok';
}

function lastOf(readings: readonly QuotaReading[]): QuotaReading | undefined {
  return readings.reduce<QuotaReading | undefined>(
    (last, reading) => (last === undefined || reading.at >= last.at ? reading : last),
    undefined,
  );
}

function growthPerMs(readings: readonly QuotaReading[]): number | undefined {
  const times = readings.map(({ at }) => at.getTime());
  const span = Math.max(...times) - Math.min(...times);
  if (readings.length < 2 || span < LEAST_SPAN_MS) return undefined;
  const meanTime = mean(times);
  const meanUsed = mean(readings.map(({ usedBytes }) => usedBytes));
  let covariance = 0;
  let variance = 0;
  for (const { at, usedBytes } of readings) {
    const offset = at.getTime() - meanTime;
    covariance += offset * (usedBytes - meanUsed);
    variance += offset * offset;
  }
  return covariance / variance;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
