import { sealWaitsFor } from '../../../shared/domain/sealing.ts';
import type { Actor } from '../../access/index.ts';
import { classifyDatabaseError, type Db } from '../../platform/database/index.ts';
import { recordStateChange, type WriteContext, writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { actorName, type Decision, recordDecision } from '../decision.ts';
import { withIndexLock } from '../stateIndex.ts';
import { folderSubject } from './breakSeals.ts';
import { findFolder, type FolderRow, insertSeal, organizationOfJob, runBegunAt } from './store.ts';

export interface WantedSeal {
  readonly jobId: string;
  readonly folderKey: Buffer;
  /** Of the instrument. */
  readonly timeZone: string;
  /** A person's decision goes to the audit log; the sweeper's is told by the state change alone. */
  readonly by: { readonly decision: Decision } | { readonly actor: Actor };
}

/** `sealed`: it is sealed now, or was before. `waitsFor`: why it may not be; `unknown`: the index has no such folder. */
export type SealOutcome =
  | { readonly kind: 'sealed'; readonly isNew: boolean }
  | { readonly kind: 'waits'; readonly waitsFor: string }
  | { readonly kind: 'unknown' };

/**
 * Seals one folder if it may be sealed (SPEC F8). Decided while nobody else changes the job's index, so that a file that
 * arrives at this moment is either seen here or breaks the seal. Idempotent.
 */
export async function sealFolder(services: Services, wanted: WantedSeal): Promise<SealOutcome> {
  const context = writeContext(services);
  try {
    return await services.database.transaction((db) =>
      withIndexLock(db, wanted.jobId, (tx) => sealLocked(tx, wanted, context)),
    );
  } catch (error) {
    if (classifyDatabaseError(error).kind === 'unique_violation') return { kind: 'sealed', isNew: false };
    throw error;
  }
}

async function sealLocked(tx: Db, wanted: WantedSeal, context: WriteContext): Promise<SealOutcome> {
  const row = await findFolder(tx, wanted.jobId, wanted.folderKey);
  if (row === undefined) return { kind: 'unknown' };
  if (row.sealedAt !== null) return { kind: 'sealed', isNew: false };
  const waitsFor = sealWaitsFor(row, wanted.timeZone, context.at);
  if (waitsFor !== null) return { kind: 'waits', waitsFor };
  await writeSeal(tx, row, wanted, context);
  return { kind: 'sealed', isNew: true };
}

async function writeSeal(tx: Db, row: FolderRow, wanted: WantedSeal, context: WriteContext): Promise<void> {
  const { jobId, by } = wanted;
  const { folder, folderKey, fileCount } = row;
  const sealedBy = actorName('decision' in by ? by.decision.actor : by.actor);
  const runId = row.provedAt === null ? null : await runBegunAt(tx, jobId, row.provedAt);
  await insertSeal(tx, { jobId, folderKey, folder, fileCount, runId, sealedAt: context.at, sealedBy });
  const subjectId = folderSubject(jobId, row);
  const change = {
    organizationId: await organizationOfJob(tx, jobId),
    subjectType: 'folder',
    subjectId,
    oldState: 'open',
    newState: 'sealed',
    reason: `/${folder}: no new file since ${row.changedAt.toISOString()}, proved complete by run ${runId ?? 'of ' + (row.provedAt?.toISOString() ?? '')}; sealed by ${sealedBy}`,
  } as const;
  await recordStateChange(tx, change, context);
  if (!('decision' in by)) return;
  const done = { action: 'folder.sealed', subjectType: 'folder', subjectId, detail: { jobId, folder } };
  await recordDecision(tx, by.decision, done, context);
}
