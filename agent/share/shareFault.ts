/** What a failure of the share means for what to do next. */
export type ShareFaultKind =
  /** The file or folder is not there. */
  | 'not_found'
  /** The credential ran out, was revoked, or may not do this. */
  | 'auth'
  /** The date of the request is not believed: this PC's clock is wrong, and no new credential would help. */
  | 'clock'
  | 'throttled'
  /** No answer, a broken answer, or an error of the service itself. */
  | 'unreachable'
  | 'full'
  /** Repeating it changes nothing. */
  | 'permanent';

/** A failed request to the share, classified; its message holds no credential. */
export class ShareFault extends Error {
  override readonly name = 'ShareFault';
  readonly kind: ShareFaultKind;
  /** Azure's error code, `ServerBusy`; empty when there was no answer. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** False: the request may have been sent, and nobody knows whether it was or will be carried out. */
  readonly settled: boolean;

  constructor(
    kind: ShareFaultKind,
    code: string,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined; settled?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.settled = options.settled ?? true;
  }
}

/** Whether a failure says something of the share, and not only of the file that was asked for. */
export function isShareDown(error: unknown): boolean {
  if (!(error instanceof ShareFault)) return false;
  return (error.kind !== 'permanent' && error.kind !== 'not_found') || error.code.startsWith('Share');
}

/** What the SDK's errors have in common, without importing it. */
interface RestErrorLike {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
  /** What the answer's body said. */
  readonly details?: unknown;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

/** Classifies what the SDK threw. `action` says what was being done, with what; the caller keeps it free of secrets. */
export function shareFaultOf(error: unknown, action: string): ShareFault {
  if (error instanceof ShareFault) return error;
  const { statusCode, response, code: ownCode } = error as RestErrorLike;
  const code = response?.headers.get('x-ms-error-code') ?? ownCode ?? '';
  const kind =
    statusCode === undefined ? 'unreachable' : kindOf(statusCode, code, textOf(error as RestErrorLike));
  const answer = statusCode === undefined ? 'no answer' : `${String(statusCode)} ${code}`;
  const skew = kind === 'auth' || kind === 'clock' ? skewText(response) : '';
  return new ShareFault(kind, code, `${action}: ${answer}${skew}`, {
    cause: withoutRequest(error),
    retryAfterMs: retryAfterMs(response),
    settled: statusCode !== undefined || NEVER_SENT.has(code),
  });
}

/** Nobody was reached whom the request could have been sent to. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const FULL = new Set([
  'ShareSizeLimitReached',
  'InsufficientStorage',
  'FileShareSizeLimitReached',
  'AccountSizeLimitReached',
]);
const THROTTLED = new Set(['ServerBusy', 'TooManyRequests', 'ShareBeingThrottled', 'OperationTimedOut']);
/** The bytes changed on their way: sending them again helps. */
const TRANSIENT = new Set(['Md5Mismatch', 'InternalError', 'RequestTimeout']);

/** The words in which Azure refuses the date of a request, too old or too far in the future. */
const DATE_REFUSED = /request date header/i;

function kindOf(status: number, code: string, text: string): ShareFaultKind {
  if (FULL.has(code)) return 'full';
  if (THROTTLED.has(code) || status === 429 || status === 503) return 'throttled';
  if (TRANSIENT.has(code)) return 'unreachable';
  if (status === 401 || status === 403) return DATE_REFUSED.test(text) ? 'clock' : 'auth';
  if (status === 404) return 'not_found';
  return status >= 500 || status === 408 ? 'unreachable' : 'permanent';
}

/** Everything that the answer said; only looked at, never shown: it may repeat the request's address. */
function textOf({ message, details }: RestErrorLike): string {
  return `${message ?? ''} ${JSON.stringify(details ?? '')}`;
}

/** Clocks that differ by less say nothing of why a credential was refused. */
const TELLING_SKEW_MS = 5 * 60_000;

/** How far this PC's clock is from the service's, when that is worth a look. */
function skewText(response: RestErrorLike['response']): string {
  const skewMs = Date.now() - Date.parse(response?.headers.get('date') ?? '');
  if (!(Math.abs(skewMs) > TELLING_SKEW_MS)) return '';
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return `; this PC’s clock is ${String(minutes)} min ${skewMs > 0 ? 'ahead of' : 'behind'} the share’s`;
}

/** `Retry-After` in seconds or as a date; Azure also says it in milliseconds. */
function retryAfterMs(response: RestErrorLike['response']): number | undefined {
  const milliseconds = Number(response?.headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  const text = response?.headers.get('retry-after') ?? '';
  const seconds = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const now = response?.headers.get('date') ?? '';
  const byDateMs = Date.parse(text) - (now === '' ? Date.now() : Date.parse(now));
  return Number.isFinite(byDateMs) ? Math.max(0, byDateMs) : undefined;
}

/** The SDK's error holds the request, and that its SAS: only the text is kept as cause. */
function withoutRequest(error: unknown): Error {
  const text = error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : String(error);
  return new Error(text.replace(/\?\S*/g, '?…'));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
