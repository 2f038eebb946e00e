import type { ExpressionBuilder } from 'kysely';
import type { ErrorTag } from '../../../shared/domain/errorTags.ts';
import type { Db, Schema } from '../../platform/database/index.ts';
import { selectRunSummaries } from '../../platform/runs/index.ts';

/** Which failed runs are meant. */
export interface Selection {
  readonly organizationId: string;
  readonly tag: ErrorTag;
  /** Workflows that this server can go on with. */
  readonly names: readonly string[];
  /** Failed no later than this: a run that was retried and fails again is not met a second time. */
  readonly failedBy: Date;
}

/** Runs that are meant, in the order of their ids, which an interruption does not change. */
export function selectFailed(db: Db, selection: Selection) {
  return selectRunSummaries(db).where(meant(selection)).orderBy('sync_runs.id');
}

export async function countFailed(db: Db, selection: Selection): Promise<number> {
  const { count } = await db
    .selectFrom('sync_runs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(meant(selection))
    .executeTakeFirstOrThrow();
  return count;
}

function meant({ organizationId, tag, names, failedBy }: Selection) {
  return (eb: ExpressionBuilder<Schema, 'sync_runs'>) =>
    eb.and([
      eb('sync_runs.organization_id', '=', organizationId),
      eb('sync_runs.status', '=', 'failed'),
      eb('sync_runs.error_tag', '=', tag),
      eb('sync_runs.sync_type', 'in', names.length > 0 ? names : ['']),
      eb('sync_runs.ended_at', '<=', failedBy),
      eb('sync_runs.code_version', 'is not', null),
    ]);
}
