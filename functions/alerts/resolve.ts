import { type Db, rowsFrom } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { type AlertRow, resolvedRow } from './alertRow.ts';
import { coveredUntil } from './covered.ts';
import { recordChanges } from './history.ts';
import { enqueue, notificationsOf, toldRoutes } from './outbox.ts';
import { policy } from './policy.ts';
import { readSituation } from './situation.ts';
import { inBatches, saveAlerts } from './store.ts';

export interface Resolution {
  readonly reason: string;
  /** Also an alert that comes and goes is over now: a person says so, or it was quiet for long enough. */
  readonly atOnce: boolean;
}

/**
 * Resolves live alerts of one organization whose rows the caller has locked; those that come and go are only noted as
 * quiet (`owed.ts` resolves them). Channels that were told that an alert is open hear of its end, in a snooze too (it must
 * not come after the next beginning), after a window; what it explained is due a while later. Gives how many were resolved.
 */
export async function resolveAll(
  tx: Db,
  organizationId: string,
  live: readonly AlertRow[],
  resolution: Resolution,
  context: WriteContext,
): Promise<number> {
  const { at } = context;
  const held = resolution.atOnce ? [] : live.filter(flaps);
  await saveAlerts(
    tx,
    held.filter((row) => row.quiet_since === null).map((row) => ({ ...row, quiet_since: at })),
  );
  const over = live.filter((row) => !held.includes(row));
  if (over.length === 0) return 0;
  const rows = over.map((row) => resolvedRow(row, resolution.reason, at));
  await closeOff(tx, organizationId, over, rows, resolution.reason, context);
  return over.length;
}

/** Came back so often that its next end is not believed at once. */
export function flaps(row: Pick<AlertRow, 'reopened_count'>): boolean {
  return (row.reopened_count ?? 0) >= policy.flapsAfterReopenings;
}

async function closeOff(
  tx: Db,
  organizationId: string,
  before: readonly AlertRow[],
  resolved: readonly AlertRow[],
  reason: string,
  context: WriteContext,
): Promise<void> {
  const told = await toldRoutes(
    tx,
    resolved.map(({ id }) => id),
  );
  const situation = told.size === 0 ? undefined : await readSituation(tx, organizationId, context.at);
  const rows = resolved.map((alert) => {
    const until = situation === undefined || !told.has(alert.id) ? undefined : coveredUntil(alert, situation);
    return until === undefined ? alert : { ...alert, tell_transition: 'resolved', tell_due_at: until };
  });
  await saveAlerts(tx, rows);
  const changes = rows.map((alert, index) => ({
    alert,
    from: before[index]?.status ?? 'open',
    to: 'resolved',
    reason,
  }));
  await recordChanges(tx, organizationId, changes, context);
  if (situation !== undefined) {
    const notifications = rows.flatMap((alert) => {
      const status = alert.tell_due_at === null ? 'pending' : 'suppressed';
      const change = { alert, transition: 'resolved' } as const;
      return notificationsOf(change, told.get(alert.id) ?? [], status, situation, context.at);
    });
    await enqueue(tx, notifications, context);
  }
  await detachKnown(tx, resolved);
}

/** What people know of is on its own again. What was never told waits: the sweeper sees that nothing explains it any more. */
async function detachKnown(tx: Db, causes: readonly AlertRow[]): Promise<void> {
  for (const batch of inBatches(causes)) {
    const over = rowsFrom(
      'over',
      { id: 'id' },
      batch.map(({ id }) => ({ id })),
    );
    await tx
      .updateTable('alerts')
      .set((eb) => ({ cause_alert_id: null, version: eb('version', '+', 1) }))
      .where('cause_alert_id', 'in', (eb) => eb.selectFrom(over).select('over.id'))
      .where('status', 'in', ['open', 'acknowledged'])
      .where('tell_transition', 'is', null)
      .execute();
  }
}
