import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Schema } from '../../platform/database/index.ts';

/** Whose rows: all of an organization, or those of one of its runners. */
export interface Scope {
  readonly organizationId: string;
  readonly runnerId?: string | undefined;
}

/** For queries over `jobs`. */
export function jobsInScope(scope: Scope): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, 'jobs'>();
  const ofOrganization = eb('jobs.organization_id', '=', scope.organizationId);
  return scope.runnerId === undefined
    ? ofOrganization
    : eb.and([ofOrganization, eb('jobs.runner_id', '=', scope.runnerId)]);
}

/** For queries over `runners`. */
export function runnersInScope(scope: Scope): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, 'runners'>();
  const ofOrganization = eb('runners.organization_id', '=', scope.organizationId);
  return scope.runnerId === undefined
    ? ofOrganization
    : eb.and([ofOrganization, eb('runners.id', '=', scope.runnerId)]);
}
