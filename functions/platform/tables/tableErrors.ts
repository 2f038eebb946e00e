import { TablesError } from './tables.ts';

interface RestErrorLike {
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: { readonly odataError?: { readonly code?: string } };
}

/** Azure's name of what went wrong. */
export function azureCodeOf(error: unknown): string | undefined {
  const { code, details } = (error ?? {}) as RestErrorLike;
  return details?.odataError?.code ?? code;
}

/** Classifies what the SDK threw, by status; `action` says what was being done, with what. */
export function tablesErrorOf(error: unknown, action: string): TablesError {
  if (error instanceof TablesError) return error;
  const { statusCode } = (error ?? {}) as RestErrorLike;
  const answer = statusCode === undefined ? 'no answer' : `${statusCode} ${azureCodeOf(error) ?? ''}`;
  const kind = isPermanent(statusCode, error) ? 'permanent' : 'unavailable';
  return new TablesError(kind, `${action}: ${answer}`, { cause: error });
}

/** 409 is a table that is being removed; 401 and 403 are a key that is being changed. */
const MAY_MEND: readonly number[] = [401, 403, 408, 409, 429];

function isPermanent(status: number | undefined, error: unknown): boolean {
  // What the library itself refuses never reached a service.
  if (status === undefined) return ['TypeError', 'RangeError', 'SyntaxError'].includes(nameOf(error));
  return status < 500 && !MAY_MEND.includes(status);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
