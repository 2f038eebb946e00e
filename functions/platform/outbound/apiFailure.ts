import { atMost, visibleLine } from '../../../shared/domain/escaping/visible.ts';
import type { ErrorTag } from '../../../shared/domain/errorTags.ts';
import { ApiError } from './apiError.ts';
import type { OutsideResponse } from './fetchOutside.ts';
import { OutsideFault } from './outsideFault.ts';
import { askedPauseMs } from './retryAfter.ts';
import { saidByBody } from './saidByBody.ts';

/** Of a body, so much is kept for people. */
const MAX_KEPT_CHARACTERS = 16 * 1024;
const MAX_MESSAGE_CHARACTERS = 500;

/** What is known of a request that failed. `clean` takes our credentials out of a text. */
export interface FailedRequest {
  readonly request: string;
  readonly clean: (text: string) => string;
  readonly nowMs: number;
}

/** An answer that is no success, as an ApiError with the other side's own words. */
export function failureOfStatus(answer: OutsideResponse, failed: FailedRequest): ApiError {
  const { status, headers } = answer;
  const retryAfterMs = askedPauseMs(headers, failed.nowMs);
  const body = keptBody(failed.clean(answer.text));
  const said = saidByBody(body);
  const ends = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const message = `${failed.request} answered ${String(status)}${said === undefined ? '' : `: ${said}`}${ends}`;
  const tag = tagOfStatus(status, headers['retry-after'] !== undefined);
  return new ApiError(tag, line(message), { api: { status, request: failed.request, body }, retryAfterMs });
}

/** A success whose body is not what was asked for: the other side, or something before it, is broken for now. */
export function failureOfBody(answer: OutsideResponse, why: string, failed: FailedRequest): ApiError {
  const { status } = answer;
  const body = keptText(failed.clean(answer.text));
  const message = `${failed.request} answered ${String(status)}, but ${why}`;
  return new ApiError('InternalServerError', line(message), {
    api: { status, request: failed.request, body },
  });
}

/** No answer, or not all of it. */
export function failureOfFault(error: unknown, failed: FailedRequest): ApiError {
  if (!(error instanceof OutsideFault)) throw error;
  const message = line(`${failed.request} failed: ${failed.clean(error.message)}`);
  return new ApiError(tagOfFault(error.kind), message, { api: { request: failed.request }, cause: error });
}

const tags: Readonly<Record<number, ErrorTag>> = {
  401: 'AuthenticationError',
  403: 'AuthenticationError',
  404: 'NotFoundError',
  407: 'AuthenticationError',
  408: 'TimeoutError',
  409: 'ConflictError',
  410: 'NotFoundError',
  412: 'ConflictError',
  423: 'ConflictError',
  425: 'ServiceUnavailableError',
  429: 'RateLimitError',
  502: 'ServiceUnavailableError',
  503: 'ServiceUnavailableError',
  504: 'ServiceUnavailableError',
};

function tagOfStatus(status: number, asksToWait: boolean): ErrorTag {
  // Some APIs say 403 when a quota is used up; who is refused for good is not asked to come back.
  if (status === 403 && asksToWait) return 'RateLimitError';
  const known = tags[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'InternalServerError';
  // Redirects are not followed: our credentials go to the configured address only.
  return status >= 300 && status < 400 ? 'NotFoundError' : 'ValidationError';
}

function tagOfFault(kind: OutsideFault['kind']): ErrorTag {
  switch (kind) {
    case 'timeout':
      return 'TimeoutError';
    case 'unreachable':
      return 'ServiceUnavailableError';
    case 'cut':
      return 'InternalServerError';
    case 'refused':
      return 'NotFoundError';
  }
}

/** Structured where it is JSON that fits, else its beginning as text. */
function keptBody(text: string): unknown {
  if (text.length > MAX_KEPT_CHARACTERS) return keptText(text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function keptText(text: string): string {
  if (text.length <= MAX_KEPT_CHARACTERS) return text;
  return `${text.slice(0, MAX_KEPT_CHARACTERS)}… (${String(text.length)} characters)`;
}

function line(text: string): string {
  return atMost(visibleLine(text), MAX_MESSAGE_CHARACTERS);
}
