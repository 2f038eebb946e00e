import { type VolumeVerdict, volumeVerdict } from '../../../shared/domain/volumeFall.ts';
import { type Db, upsert } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';

/** What is watched, and for which run. */
export interface SentinelScope {
  readonly organizationId: string;
  readonly runId: string;
  readonly syncType: string;
  /** `orgs`: our own table at the start of a cycle; `orgs:feed`, `orgs:seen`: what the register gave beside it. */
  readonly target: string;
  readonly maxFallPercent: number;
  /** The total that a cycle leaves behind: the next one starts from it. */
  readonly isEnd?: boolean;
}

export interface SentinelEntry extends VolumeVerdict {
  readonly previousTotal: number | null;
  readonly liveTotal: number;
}

/** Judges a total beside the one before; writes nothing. */
export function sentinelEntry(scope: SentinelScope, previous: number | null, live: number): SentinelEntry {
  const { maxFallPercent } = scope;
  return { ...volumeVerdict({ previous, live, maxFallPercent }), previousTotal: previous, liveTotal: live };
}

/** The total that was believed last; null: there was none yet. */
export async function lastTotal(
  db: Db,
  { organizationId, syncType, target, runId }: SentinelScope,
): Promise<number | null> {
  const row = await db
    .selectFrom('sentinel_log')
    .select('live_total')
    .where('organization_id', '=', organizationId)
    .where('sync_type', '=', syncType)
    .where('target', '=', target)
    .where('verdict', '<>', 'stopped')
    .where('run_id', '<>', runId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.live_total ?? null;
}

const columns = {
  id: 'id',
  organization_id: 'id',
  run_id: 'text',
  sync_type: 'text',
  target: 'text',
  previous_total: 'bigint?',
  live_total: 'bigint',
  verdict: 'text',
  detail: 'text?',
  created_at: 'instant',
} as const;

/** Writes down what was found, one row a run and target: a repetition overwrites it. */
export async function writeSentinel(
  db: Db,
  scope: SentinelScope,
  entry: SentinelEntry,
  { at }: WriteContext,
): Promise<void> {
  await upsert(db, 'sentinel_log', {
    columns,
    rows: [
      {
        id: `${scope.runId}/${scope.target}${scope.isEnd === true ? '/end' : ''}`,
        organization_id: scope.organizationId,
        run_id: scope.runId,
        sync_type: scope.syncType,
        target: scope.target,
        previous_total: entry.previousTotal,
        live_total: entry.liveTotal,
        verdict: entry.verdict,
        detail: entry.detail,
        created_at: at,
      },
    ],
    key: ['id'],
    update: ['previous_total', 'live_total', 'verdict', 'detail', 'created_at'],
  });
}
