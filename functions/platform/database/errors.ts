import { mssqlKind } from './mssql/error-kinds.ts';
import { postgresKind } from './postgres/error-kinds.ts';

export type DatabaseErrorKind =
  | 'unique_violation'
  | 'deadlock'
  | 'timeout'
  | 'connection'
  | 'full'
  | 'pool_timeout'
  | 'other';

export interface DatabaseErrorClass {
  readonly kind: DatabaseErrorKind;
  /** The same transaction, begun again, may succeed without anybody doing anything. */
  readonly transient: boolean;
}

const transientKinds: ReadonlySet<DatabaseErrorKind> = new Set<DatabaseErrorKind>([
  'deadlock',
  'timeout',
  'connection',
  'pool_timeout',
]);

/** What callers decide by, the same for both databases; reads the error and its causes, never its language. */
export function classifyDatabaseError(error: unknown): DatabaseErrorClass {
  for (const link of chainOf(error)) {
    const kind = kindOf(link);
    if (kind !== undefined) return { kind, transient: transientKinds.has(kind) };
  }
  return { kind: 'other', transient: false };
}

/** All connections were busy for the whole waiting time: the load, a leak or a slow database; never a broken one. */
export class PoolTimeoutError extends Error {
  constructor(state: { max: number; waiting: number; acquireTimeoutMs: number }, cause?: unknown) {
    super(
      `Connection pool timed out: none of ${state.max} connections became free within ${state.acquireTimeoutMs} ms, ` +
        `${state.waiting} more callers waiting`,
      { cause },
    );
    this.name = 'PoolTimeoutError';
  }
}

/** Of Node's own sockets and resolver: no server answered, or it went away. */
const socketCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function kindOf(error: object): DatabaseErrorKind | undefined {
  if (error instanceof PoolTimeoutError) return 'pool_timeout';
  if ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code)) return 'connection';
  return postgresKind(error) ?? mssqlKind(error);
}

/** The error, then what it was caused by; drivers name that in three ways. */
function* chainOf(error: unknown): Generator<object> {
  const seen = new Set<object>();
  const waiting: unknown[] = [error];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    yield next;
    const { cause, originalError, precedingErrors, errors } = next as Record<string, unknown>;
    for (const below of [cause, originalError, precedingErrors, errors].flat()) {
      if (below !== undefined && below !== null) waiting.push(below);
    }
  }
}
