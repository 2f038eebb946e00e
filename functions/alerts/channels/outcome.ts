import { visibleLine, atMost } from '../../../shared/domain/escaping/visible.ts';
import type { OutsideResponse } from '../../platform/outbound/fetchOutside.ts';
import { retryAfterMs } from '../../platform/outbound/retryAfter.ts';
import { OutsideFault } from '../../platform/outbound/outsideFault.ts';
import { redactText } from '../../platform/logging/redact.ts';
import type { SendOutcome } from './channel.ts';

const MAX_ERROR_LENGTH = 500;
const MAX_RETRY_AFTER_SECONDS = 86_400;

/** 4xx that say "not now" and not "never". */
const PASSING = new Set([408, 425, 429]);

/** A request that got no answer: worth another attempt, unless its address must not be reached at all. */
export function outcomeOfFault(error: unknown): SendOutcome {
  if (!(error instanceof OutsideFault)) throw error;
  const result = error.kind === 'refused' ? 'refused' : 'retry';
  return { result, responseStatus: null, error: errorText(error.message) };
}

/** What an answer that is no success means: `retry` for 5xx and the passing 4xx, with Retry-After; else `refused`. */
export function outcomeOfStatus(response: OutsideResponse, now: Date): SendOutcome {
  const { status, headers, text } = response;
  const error = errorText(`answered ${String(status)}${said(text)}`);
  if (status >= 300 && status < 400) {
    return { result: 'refused', responseStatus: status, error: `${error}; redirects are not followed` };
  }
  if (status < 500 && !PASSING.has(status)) return { result: 'refused', responseStatus: status, error };
  const retryAfterSeconds = readRetryAfter(headers['retry-after'], now);
  return {
    result: 'retry',
    responseStatus: status,
    error,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** A success by its status whose body says that it is none. */
export function outcomeOfHollowSuccess(
  response: OutsideResponse,
  result: 'retry' | 'refused',
  why: string,
): SendOutcome {
  const error = errorText(`answered ${String(response.status)}, but ${why}${said(response.text)}`);
  return { result, responseStatus: response.status, error };
}

/** For people: one line, bounded, without secrets. */
export function errorText(text: string): string {
  return atMost(visibleLine(redactText(text)), MAX_ERROR_LENGTH);
}

function said(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return words === '' ? '' : `: ${words}`;
}

/** At most a day. */
function readRetryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  const askedMs = retryAfterMs(header, now.getTime());
  return askedMs === undefined ? undefined : Math.min(Math.ceil(askedMs / 1000), MAX_RETRY_AFTER_SECONDS);
}
