/** What a failure of the share means for what to do next. */
export type ShareFaultKind =
  /** The file or folder is not there. */
  | 'not_found'
  /** The credential ran out, was revoked, or may not do this. */
  | 'auth'
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

  constructor(
    kind: ShareFaultKind,
    code: string,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether an error is a share's fault of this kind. */
export function isShareFault(error: unknown, kind: ShareFaultKind): error is ShareFault {
  return error instanceof ShareFault && error.kind === kind;
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
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

/** Classifies what the SDK threw. `action` says what was being done, with what; the caller keeps it free of secrets. */
export function shareFaultOf(error: unknown, action: string): ShareFault {
  if (error instanceof ShareFault) return error;
  const { statusCode, response, code: ownCode } = error as RestErrorLike;
  const code = response?.headers.get('x-ms-error-code') ?? ownCode ?? '';
  const kind = statusCode === undefined ? 'unreachable' : kindOf(statusCode, code);
  const answer = statusCode === undefined ? 'no answer' : `${String(statusCode)} ${code}`;
  return new ShareFault(kind, code, `${action}: ${answer}`, {
    cause: withoutRequest(error),
    retryAfterMs: retryAfterMs(response),
  });
}

const FULL = new Set([
  'ShareSizeLimitReached',
  'InsufficientStorage',
  'FileShareSizeLimitReached',
  'AccountSizeLimitReached',
]);
const THROTTLED = new Set(['ServerBusy', 'TooManyRequests', 'ShareBeingThrottled', 'OperationTimedOut']);
/** The bytes changed on their way: sending them again helps. */
const TRANSIENT = new Set(['Md5Mismatch', 'InternalError', 'RequestTimeout']);

function kindOf(status: number, code: string): ShareFaultKind {
  if (FULL.has(code)) return 'full';
  if (THROTTLED.has(code) || status === 429 || status === 503) return 'throttled';
  if (TRANSIENT.has(code)) return 'unreachable';
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'not_found';
  return status >= 500 || status === 408 ? 'unreachable' : 'permanent';
}

/** `Retry-After` in seconds or as a date; Azure also says it in milliseconds. */
function retryAfterMs(response: RestErrorLike['response']): number | undefined {
  const milliseconds = Number(response?.headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The SDK's error holds the request, and that its SAS: only the text is kept as cause. */
function withoutRequest(error: unknown): Error {
  const text = error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : String(error);
  return new Error(text.replace(/\?\S*/g, '?…'));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
