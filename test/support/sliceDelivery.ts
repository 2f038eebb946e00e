import type { SliceMessage } from '../../functions/platform/queues/sliceQueue.ts';
import type { TestServices } from './services.ts';

/** Moves the clock to when the run's slice is due, as a queue does that keeps a message back until then. */
export async function waitUntilDue(services: TestServices, { runId }: SliceMessage): Promise<void> {
  const { next_slice_at: due } = await services.database.db
    .selectFrom('sync_runs')
    .select('next_slice_at')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  const earlyMs = (due?.getTime() ?? 0) - services.now().getTime();
  if (earlyMs > 0) services.advance(earlyMs);
}
