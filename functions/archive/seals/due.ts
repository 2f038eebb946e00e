import { randomBytes } from 'node:crypto';
import { isSealedByItself, sealWaitsFor } from '../../../shared/domain/sealing.ts';
import type { Services } from '../../platform/services.ts';
import { sealFolder } from './sealFolder.ts';
import { type SealCandidate, sealCandidates } from './store.ts';

const SWEEPER = { kind: 'system', name: 'seal sweeper' } as const;

/** Candidates for a seal, in no order, `limit` at most; another part of them each time when there are more. */
export async function findSealCandidates(services: Services, limit: number): Promise<SealCandidate[]> {
  const { db } = services.database;
  const start = randomBytes(32);
  const later = await sealCandidates(db, { from: start, limit });
  if (later.length >= limit) return later;
  const earlier = { from: Buffer.alloc(32), below: start, limit: limit - later.length };
  return [...later, ...(await sealCandidates(db, earlier))];
}

/** Seals a candidate if it is due; false when it is not, or not by itself. */
export async function sealIfDue(
  services: Services,
  { jobId, timeZone, row }: SealCandidate,
): Promise<boolean> {
  if (!isSealedByItself({ kind: 'geometry' }, row.folder)) return false;
  if (sealWaitsFor(row, timeZone, services.now()) !== null) return false;
  const wanted = { jobId, folderKey: row.folderKey, timeZone, by: { actor: SWEEPER } };
  const outcome = await sealFolder(services, wanted);
  return outcome.kind === 'sealed' && outcome.isNew;
}
