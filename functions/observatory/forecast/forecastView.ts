import type { PurgeForecastView } from '../../../shared/contract/operations.ts';
import type { PurgeForecast } from '../../../shared/domain/purgeForecast.ts';

/** Instants of the wire end with the year 9999; a purge that far off has no instant. */
const LAST_INSTANT_MS = Date.UTC(9999, 11, 31);

export function forecastViewOf(forecast: PurgeForecast): PurgeForecastView {
  const { purgeAt, ...same } = forecast;
  return { ...same, purgeAt: wireInstant(purgeAt) };
}

function wireInstant(at: Date | null): string | null {
  return at === null || !(at.getTime() < LAST_INSTANT_MS) ? null : at.toISOString();
}
