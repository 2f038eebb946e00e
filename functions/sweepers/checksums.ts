import pLimit from 'p-limit';
import { isSameEtag } from '../../shared/domain/etag.ts';
import { fromShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import type { Services } from '../platform/services.ts';
import { ShareError, type ShareFileFacts } from '../platform/storage/shares.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { fillChecksum, postponeChecksum, type UnhashedFile, unhashedFiles } from './store.ts';

const MAX_PER_TICK = 2000;
const AT_ONCE = 8;
/** A tick begins no further file after this; well under its own distance. */
const BUDGET_MS = 40_000;
const AGAIN_AFTER_MS = 3_600_000;
/** What could not be filled in by then waits for the next reconcile. */
const GIVE_UP_AFTER_MS = 7 * 24 * 3_600_000;

/**
 * Fills in the hashes that a reconcile could not see in a listing, a bounded number a tick: from the file's metadata or,
 * where it came to the share without (a restore by other means), from its bytes.
 */
export const checksumsTimer: TimerHandler = {
  name: 'sweep-checksums',
  schedule: '30 * * * * *',
  work: sweepChecksums,
};

export async function sweepChecksums(services: Services): Promise<TickReport> {
  const now = services.now();
  const since = new Date(now.getTime() - GIVE_UP_AFTER_MS);
  const files = await unhashedFiles(services.database.db, { now, since, limit: MAX_PER_TICK });
  const silentShares = new Set<string>();
  const endAt = now.getTime() + BUDGET_MS;
  const report = { examined: 0, changed: 0 };
  const limit = pLimit(AT_ONCE);
  const sweepOne = async (file: UnhashedFile): Promise<void> => {
    if (silentShares.has(file.shareName) || services.now().getTime() > endAt) return;
    report.examined += 1;
    if (await fillOne(services, file, silentShares)) report.changed += 1;
  };
  await Promise.all(files.map((file) => limit(sweepOne, file)));
  return report;
}

/** One bad row never stops the loop; a share that does not answer is left alone until the next tick. */
async function fillOne(services: Services, file: UnhashedFile, silentShares: Set<string>): Promise<boolean> {
  const { db } = services.database;
  const { jobId, path, shareName } = file;
  try {
    const checksum = await readChecksum(services, file);
    if (checksum !== undefined) return await fillChecksum(db, file, checksum, services.now());
  } catch (error) {
    if (isSilence(error)) {
      if (!silentShares.has(shareName))
        services.log.warn('hashes cannot be read from a share; the next tick tries again', {
          shareName,
          error,
        });
      silentShares.add(shareName);
      await postponeChecksum(db, file, services.now());
      return false;
    }
    services.log.warn('the hash of a file could not be filled in', { jobId, path, error });
  }
  await postponeChecksum(db, file, new Date(services.now().getTime() + AGAIN_AFTER_MS));
  return false;
}

/** Errors that are about the share and not about the file. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof ShareError)) return false;
  return error.kind === 'auth' || error.kind === 'throttled' || error.kind === 'unreachable';
}

/** Undefined when the share does not hold the very file that the index knows. */
async function readChecksum(services: Services, file: UnhashedFile): Promise<string | undefined> {
  const { shares } = services;
  const path = file.sharePath === '' ? file.path : `${file.sharePath}/${file.path}`;
  const isTheFile = (facts: ShareFileFacts | undefined): facts is ShareFileFacts =>
    facts !== undefined && isSameEtag(facts.etag, file.etag) && isWhole(facts.attributes);
  const facts = await shares.fileFacts(file.shareName, path);
  if (!isTheFile(facts)) return undefined;
  const archived = fromShareMetadata(facts.metadata);
  if (archived !== undefined) return archived.sha256;
  // Before a long read: a tick that is ended in it would otherwise begin with the same files again and again.
  await postponeChecksum(services.database.db, file, new Date(services.now().getTime() + AGAIN_AFTER_MS));
  const hash = await shares.fileSha256(file.shareName, path);
  return isTheFile(await shares.fileFacts(file.shareName, path)) ? hash : undefined;
}
