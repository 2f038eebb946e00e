import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Schema } from '../platform/database/index.ts';
import { policy } from './policy.ts';

/**
 * For queries in which an alert takes part as `cause`: it is live, and its problem was met a short while ago at the
 * latest. One that comes and goes stays open while it is quiet, but explains nothing any more.
 */
export function explainsNow(at: Date): Expression<SqlBool> {
  const eb = expressionBuilder<Schema & { cause: Schema['alerts'] }, 'cause'>();
  const since = new Date(at.getTime() - policy.afterCauseMs);
  return eb.and([
    eb('cause.status', 'in', ['open', 'acknowledged']),
    eb.or([eb('cause.quiet_since', 'is', null), eb('cause.quiet_since', '>', since)]),
  ]);
}
