import { BadCursorError, classifyDatabaseError, PoolTimeoutError } from '../database/index.ts';
import { QueueError } from '../queues/poisonQueue.ts';
import { ShareError } from '../storage/shares.ts';
import { TablesError } from '../tables/tables.ts';
import { Problem } from './problem.ts';

const RETRY_AFTER_SECONDS = 5;

/**
 * The problem that a caller is told about for whatever was thrown. What nobody foresaw is `internal`: its text stays
 * in the log, under the correlation id that the caller sees.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BadCursorError)
    return new Problem('invalid-request', error.message, {
      errors: [{ pointer: '/query/cursor', message: 'is not a cursor of this list' }],
      cause: error,
    });
  return shareProblem(error) ?? storageProblem(error) ?? databaseProblem(error) ?? unforeseen(error);
}

function databaseProblem(cause: unknown): Problem | undefined {
  const { kind, transient } = classifyDatabaseError(cause);
  if (kind === 'full')
    return new Problem(
      'database-full',
      'The database is full: nothing was written. Operators find the remedy in the runbook.',
      {
        cause,
      },
    );
  if (!transient) return undefined;
  const detail =
    cause instanceof PoolTimeoutError ? 'Connection pool timed out' : `The database did not answer (${kind})`;
  return new Problem('unavailable', `${detail}; repeat the request later.`, {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function shareProblem(error: unknown): Problem | undefined {
  if (!(error instanceof ShareError) || error.kind === 'permanent' || error.kind === 'not_found')
    return undefined;
  return new Problem(
    'unavailable',
    `The file share did not answer (${error.kind}); repeat the request later.`,
    {
      cause: error,
      retryAfterSeconds: Math.ceil((error.retryAfterMs ?? RETRY_AFTER_SECONDS * 1000) / 1000),
    },
  );
}

function storageProblem(error: unknown): Problem | undefined {
  const isTables = error instanceof TablesError && error.kind === 'unavailable';
  if (!isTables && !(error instanceof QueueError)) return undefined;
  const part = isTables ? 'table storage' : 'queue service';
  return new Problem('unavailable', `The ${part} did not answer; repeat the request later.`, {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function unforeseen(cause: unknown): Problem {
  return new Problem(
    'internal',
    'The request could not be carried out; the log has the reason under the correlation id.',
    {
      cause,
    },
  );
}
