import { fromShareMetadata } from '../../shared/domain/shareMetadata.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { fillChecksum, postponeChecksum, type UnhashedFile, unhashedFiles } from './store.ts';

const MAX_PER_TICK = 500;

/** Fills in the hashes that a reconcile could not see in a listing, from the files' own metadata, a bounded number a tick. */
export const checksumsTimer: TimerHandler = {
  name: 'sweep-checksums',
  schedule: '30 * * * * *',
  work: sweepChecksums,
};

export async function sweepChecksums(services: Services): Promise<TickReport> {
  const files = await unhashedFiles(services.database.db, MAX_PER_TICK);
  let changed = 0;
  for (const file of files) if (await fillOne(services, file)) changed += 1;
  return { examined: files.length, changed };
}

async function fillOne(services: Services, file: UnhashedFile): Promise<boolean> {
  const { db } = services.database;
  try {
    const path = file.sharePath === '' ? file.path : `${file.sharePath}/${file.path}`;
    const facts = await services.shares.fileFacts(file.shareName, path);
    const archived = facts === undefined ? undefined : fromShareMetadata(facts.metadata);
    if (facts?.etag === file.etag && archived !== undefined) {
      return await fillChecksum(db, file, archived.sha256, services.now());
    }
    await postponeChecksum(db, file, services.now());
  } catch (error) {
    services.log.warn('a hash could not be read from the share', {
      jobId: file.jobId,
      path: file.path,
      error,
    });
  }
  return false;
}
