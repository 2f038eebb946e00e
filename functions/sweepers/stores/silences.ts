import type { Gap } from '../../../shared/domain/downtime.ts';
import { OFFLINE_AFTER_MS } from '../../../shared/domain/presence.ts';
import { flaps } from '../../alerts/index.ts';
import type { Db } from '../../platform/database/index.ts';

/** The check that finds silent runners. */
export const OFFLINE_SOURCE = 'sweep-offline';

/**
 * While a runner was silent its jobs could not finish: the stretches that the state changes of its offline alerts tell of, by
 * runner. An alert that was reopened has several, and the time between them is none. The newest of one that comes and goes ends
 * when it was last met: it stays open for an hour longer.
 */
export async function silentStretches(db: Db, since: Date): Promise<Map<string, Gap[]>> {
  const rows = await readChanges(db, since);
  const stretches = new Map<string, Gap[]>();
  for (const changes of Map.groupBy(rows, ({ id }) => id).values()) {
    const runnerId = changes[0]?.runner_id ?? '';
    stretches.set(runnerId, [...(stretches.get(runnerId) ?? []), ...stretchesOf(changes)]);
  }
  return stretches;
}

type Change = Awaited<ReturnType<typeof readChanges>>[number];

/** Of one alert, its changes in the order in which they happened. */
function stretchesOf(changes: readonly Change[]): Gap[] {
  const begins = changes.filter(({ old_state: old }) => old === null || old === 'resolved');
  return begins.map((begin, index) => {
    const from = new Date(begin.created_at.getTime() - OFFLINE_AFTER_MS);
    const end = changes.find((one) => one.new_state === 'resolved' && one.created_at >= begin.created_at);
    const endsLate = flaps(begin) && index === begins.length - 1;
    return { from, to: end === undefined || endsLate ? begin.last_seen_at : end.created_at };
  });
}

async function readChanges(db: Db, since: Date) {
  return db
    .selectFrom('alerts')
    .innerJoin('state_changes', (join) =>
      join.onRef('state_changes.subject_id', '=', 'alerts.id').on('state_changes.subject_type', '=', 'alert'),
    )
    .select([
      'alerts.id',
      'alerts.runner_id',
      'alerts.last_seen_at',
      'alerts.reopened_count',
      'state_changes.old_state',
      'state_changes.new_state',
      'state_changes.created_at',
    ])
    .where('alerts.source', '=', OFFLINE_SOURCE)
    .where('alerts.runner_id', 'is not', null)
    .where((eb) => eb.or([eb('alerts.last_seen_at', '>=', since), eb('alerts.resolved_at', '>=', since)]))
    .orderBy('state_changes.created_at')
    .orderBy('state_changes.id')
    .execute();
}
