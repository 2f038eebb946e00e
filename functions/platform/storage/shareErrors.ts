import { ShareError } from './shares.ts';

const FULL_CODES: readonly string[] = ['ShareSizeLimitReached', 'ShareSizeLimitExceeded', 'AccountBeingFull'];

/**
 * Classifies what the storage SDK threw: by status and Azure's error code, never by its text. What came without a
 * status is a connection that failed, or a wait that was cut off. `action` names what was being done, with what.
 */
export function shareErrorOf(error: unknown, action: string): ShareError {
  if (error instanceof ShareError) return error;
  const { statusCode } = (typeof error === 'object' && error !== null ? error : {}) as {
    statusCode?: unknown;
  };
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  const name = azureCodeOf(error) ?? 'no code';
  const kind = kindOf(status, name, error);
  const retryAfterMs = retryAfterOf(error);
  return new ShareError(kind, `${action}: ${kind} (status ${String(status ?? 'none')}, ${name})`, {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOf(status: number | undefined, code: string, error: unknown): ShareError['kind'] {
  if (FULL_CODES.includes(code) || status === 507) return 'full';
  if (status === undefined) return isConnectionFailure(error) ? 'unreachable' : 'permanent';
  if (status === 404) return 'not_found';
  if (status === 401 || status === 403) return 'auth';
  if (status === 429 || status === 503) return 'throttled';
  return status >= 500 || status === 408 ? 'unreachable' : 'permanent';
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ['RestError', 'AbortError', 'TimeoutError'].includes(error.name) || 'syscall' in error;
}

/** Azure's name of what went wrong; of a HEAD it stands in a header alone. */
export function azureCodeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : headerOf(error, 'x-ms-error-code');
}

function retryAfterOf(error: unknown): number | undefined {
  const text = headerOf(error, 'retry-after');
  const seconds = Number(text);
  return text === undefined || !Number.isFinite(seconds) ? undefined : seconds * 1000;
}

interface AnswerWithHeaders {
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

function headerOf(error: unknown, name: string): string | undefined {
  return ((error ?? {}) as AnswerWithHeaders).response?.headers?.get(name);
}
