import { type Db, insertIfAbsent } from '../database/index.ts';
import type { TickReport } from './timer.ts';

export interface TickKey {
  readonly timerName: string;
  readonly dueAt: Date;
}

/** Takes a tick for this instance; false when it was taken before, by whomever. The primary key decides between rivals. */
export async function claimTick(
  db: Db,
  tick: TickKey & { readonly instanceId: string; readonly startedAt: Date },
): Promise<boolean> {
  const inserted = await insertIfAbsent(db, 'timer_ticks', {
    columns: { timer_name: 'id', due_at: 'instant', instance_id: 'text', started_at: 'instant' } as const,
    key: ['timer_name', 'due_at'],
    rows: [
      {
        timer_name: tick.timerName,
        due_at: tick.dueAt,
        instance_id: tick.instanceId,
        started_at: tick.startedAt,
      },
    ],
  });
  return inserted === 1;
}

/** Records how a tick ended: what it did, or why it did not. */
export async function recordTickEnd(
  db: Db,
  tick: TickKey,
  end: { readonly finishedAt: Date; readonly report?: TickReport; readonly error?: string },
): Promise<void> {
  await db
    .updateTable('timer_ticks')
    .set({
      finished_at: end.finishedAt,
      examined: end.report?.examined ?? null,
      changed: end.report?.changed ?? null,
      error: end.error ?? null,
    })
    .where('timer_name', '=', tick.timerName)
    .where('due_at', '=', tick.dueAt)
    .execute();
}
