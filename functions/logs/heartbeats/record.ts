import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import { type Heartbeat, MINUTE_MS, rowOfHeartbeat } from './points.ts';

/** Of one host: in a larger fleet each runner gets a point less often than every minute. */
const WRITES_A_SECOND = 40;
const AT_ONCE = 8;
const MAX_WAITING = 2000;
const MAX_RUNNERS = 50_000;
/** After a failure nothing is written for so long, and what comes meanwhile is left out. */
const PAUSE_MS = 30_000;

/**
 * Keeps a heartbeat for the history, later and in the background: it never fails and nothing waits for it. At most one
 * a runner and minute; left out when there is more to write than can be written, or when the storage is away.
 */
export function recordHeartbeat(services: Services, runnerId: string, said: Heartbeat): void {
  recorderOf(services).add(runnerId, said);
}

const recorderOf = perServices(createRecorder);

type Filed = ReturnType<typeof rowOfHeartbeat>;

function createRecorder({ tables, log, now }: Pick<Services, 'tables' | 'log' | 'now'>) {
  const writtenAt = new Map<string, number>();
  let waiting: Filed[] = [];
  let isWriting = false;
  let pausedUntilMs = 0;
  let shed = 0;

  const isDue = (runnerId: string, nowMs: number): boolean => {
    const lastMs = writtenAt.get(runnerId);
    if (lastMs === undefined) return true;
    if (Math.floor(lastMs / MINUTE_MS) === Math.floor(nowMs / MINUTE_MS)) return false;
    // A clock that was set back must not end the history.
    return Math.abs(nowMs - lastMs) >= (writtenAt.size / WRITES_A_SECOND) * 1000;
  };
  const pause = (error: unknown): void => {
    shed += waiting.length;
    waiting = [];
    pausedUntilMs = now().getTime() + PAUSE_MS;
    log.warn('heartbeat history is not written', { error, shed });
    shed = 0;
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.slice(0, AT_ONCE);
      waiting = waiting.slice(AT_ONCE);
      try {
        await Promise.all(some.map(({ table, row }) => tables.upsert(table, [row])));
      } catch (error) {
        pause(error);
      }
    }
    isWriting = false;
  };
  return {
    add: (runnerId: string, said: Heartbeat): void => {
      const nowMs = now().getTime();
      if (!isDue(runnerId, nowMs)) return;
      if (nowMs < pausedUntilMs || waiting.length >= MAX_WAITING) {
        shed += 1;
        return;
      }
      if (writtenAt.size >= MAX_RUNNERS) writtenAt.clear();
      writtenAt.set(runnerId, nowMs);
      waiting.push(rowOfHeartbeat(runnerId, said, nowMs));
      if (isWriting) return;
      isWriting = true;
      // After the answer, which is made in this turn of the loop.
      setImmediate(() => {
        writeAll().catch(pause);
      });
    },
  };
}
