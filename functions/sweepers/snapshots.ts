import type { Services } from '../platform/services.ts';
import type { ShareSnapshot } from '../platform/storage/shares.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { sharesInUse } from './stores/quotas.ts';

const DAY_MS = 24 * 3_600_000;
/** Half an hour less than a day, so that the hour of the day does not move on with each. */
const EVERY_MS = DAY_MS - 30 * 60_000;
const MAX_PER_TICK = 200;

/**
 * Takes a snapshot of each share once a day and keeps the newest `SHARE_SNAPSHOTS_KEEP`; with 0 it leaves snapshots to a backup
 * vault. It looks every quarter of an hour, so that a share that is new, or whose turn was missed, does not wait for a day.
 */
export const snapshotsTimer: TimerHandler = {
  name: 'sweep-snapshots',
  schedule: '55 */15 * * * *',
  work: sweepSnapshots,
};

export async function sweepSnapshots(services: Services): Promise<TickReport> {
  const keep = services.settings.SHARE_SNAPSHOTS_KEEP;
  if (keep === 0) return { examined: 0, changed: 0 };
  const shares = await sharesInUse(services.database.db);
  if (shares.length === 0) return { examined: 0, changed: 0 };
  const nowMs = services.now().getTime();
  const byShare = Map.groupBy(await services.shares.listSnapshots(), ({ shareName }) => shareName);
  let changed = 0;
  for (const { shareName } of shares) {
    if (changed >= MAX_PER_TICK) break;
    const all = byShare.get(shareName) ?? [];
    const newest = all.at(-1)?.takenAt.getTime() ?? 0;
    if (nowMs - newest < EVERY_MS) continue;
    // Of others (a person, a backup vault) none is deleted.
    const own = all.filter(({ isOurs }) => isOurs);
    if (await renewOne(services, shareName, own.slice(0, Math.max(0, own.length - (keep - 1))))) changed += 1;
  }
  return { examined: shares.length, changed };
}

/** The new one first: a failure half-way leaves one too many, never one too few. One bad share never stops the others. */
async function renewOne(
  services: Services,
  shareName: string,
  surplus: readonly ShareSnapshot[],
): Promise<boolean> {
  try {
    await services.shares.takeSnapshot(shareName);
    for (const snapshot of surplus) await services.shares.deleteSnapshot(snapshot);
    return true;
  } catch (error) {
    services.log.warn('the daily snapshot of a share failed; the next tick tries again', {
      shareName,
      error,
    });
    return false;
  }
}
