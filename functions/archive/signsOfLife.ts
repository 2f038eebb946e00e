import { pathKey } from '../../shared/domain/paths.ts';
import type { Services } from '../platform/services.ts';
import type { HeartbeatBody } from './heartbeat.ts';
import { touchLiveRuns } from './store/liveRuns.ts';
import { type RunFileRow, writeUnfinished } from './store/runFiles.ts';

/**
 * Keeps the runs of an agent's active jobs alive and shows what is in flight. Files of runs that are not this runner's,
 * or not live, are left out; a file's final outcome is never overwritten.
 */
export async function storeSignsOfLife(
  services: Services,
  runnerId: string,
  body: Pick<HeartbeatBody, 'active_jobs' | 'inFlight'>,
): Promise<void> {
  if (body.active_jobs.length === 0 && body.inFlight.length === 0) return;
  const now = services.now();
  const named = { jobIds: body.active_jobs, runIds: body.inFlight.map((file) => file.runId) };
  if (body.inFlight.length === 0) {
    await touchLiveRuns(services.database.db, runnerId, named, now);
    return;
  }
  await services.database.transaction(async (tx) => {
    const live = new Set(await touchLiveRuns(tx, runnerId, named, now));
    const files = new Map<string, RunFileRow>();
    for (const file of body.inFlight) {
      if (!live.has(file.runId)) continue;
      const key = pathKey(file.path);
      files.set(`${file.runId} ${key.toString('hex')}`, {
        run_id: file.runId,
        path_key: key,
        path: file.path,
        outcome: file.state,
        state: file.state,
        size_bytes: file.sizeBytes,
        source_mtime_ms: null,
        archived_path: null,
        checksum: null,
        bytes_sent: file.bytesSent,
        attempts: file.attempts,
        error: file.error,
        updated_at: now,
      });
    }
    await writeUnfinished(tx, [...files.values()]);
  });
}
