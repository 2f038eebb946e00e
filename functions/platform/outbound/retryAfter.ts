import type { OutsideResponse } from './fetchOutside.ts';

type Headers = OutsideResponse['headers'];

/** Above: seconds since 1970. Below: seconds from now (no pause lasts three years). */
const EPOCH_SECONDS_FROM = 100_000_000;
const EPOCH_MILLISECONDS_FROM = EPOCH_SECONDS_FROM * 1000;

/**
 * How long an answer asks to be waited, in milliseconds; undefined where it says nothing. `Retry-After` in seconds or as
 * a date (RFC 9110 10.2.3), else the reset of a rate limit's window, which APIs give as seconds or as an instant. Dates
 * are read against the other side's own clock where it tells it, since ours may differ.
 */
export function askedPauseMs(headers: Headers, nowMs: number): number | undefined {
  const itsNowMs = Date.parse(single(headers['date']) ?? '');
  const now = Number.isNaN(itsNowMs) ? nowMs : itsNowMs;
  return (
    retryAfterMs(headers['retry-after'], now) ??
    resetMs(headers['x-ratelimit-reset'], now) ??
    resetMs(headers['ratelimit-reset'], now)
  );
}

/** `Retry-After` alone: seconds, or a date against the given clock. */
export function retryAfterMs(header: Headers[string], nowMs: number): number | undefined {
  const text = single(header)?.trim();
  if (text === undefined || text === '') return undefined;
  return notNegative(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs);
}

function resetMs(header: Headers[string], nowMs: number): number | undefined {
  const text = single(header)?.trim();
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  if (value >= EPOCH_MILLISECONDS_FROM) return notNegative(value - nowMs);
  if (value >= EPOCH_SECONDS_FROM) return notNegative(value * 1000 - nowMs);
  return value * 1000;
}

function notNegative(ms: number): number | undefined {
  return Number.isFinite(ms) ? Math.max(Math.ceil(ms), 0) : undefined;
}

function single(header: Headers[string]): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
