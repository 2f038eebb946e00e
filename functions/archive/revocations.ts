import type { Db } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { jobsOfRunner } from './store/jobs.ts';
import { dueRevocations, owe, postpone, type RevocationRow, settle } from './store/revocations.ts';
import type { RunnerRow } from './store/runners.ts';

/** Whoever owes it tries first; the sweeper after this, and then again and again. */
const AGAIN_AFTER_MS = 60_000;
const MAX_AT_ONCE = 20;

/** Notes that the credentials of a runner's shares are to end, in the transaction that takes its agent's rights. */
export async function oweRevocations(
  tx: Db,
  runner: Pick<RunnerRow, 'id' | 'share_name'>,
  context: WriteContext,
): Promise<RevocationRow[]> {
  const jobs = await jobsOfRunner(tx, runner.id);
  const shares = new Set([runner.share_name, ...jobs.map((job) => job.share_name)]);
  const dueAt = new Date(context.at.getTime() + AGAIN_AFTER_MS);
  const owed = [...shares].map((share_name) => ({
    share_name,
    revocation_id: context.newId(),
    due_at: dueAt,
  }));
  await owe(tx, owed);
  return owed;
}

/**
 * Ends every credential for a share at once, when an agent lost its rights. Another that may go on, its successor or one
 * that shares the share, gets a new one by heartbeat. False when storage does not let it: it stays owed.
 */
export async function revokeOwed(services: Services, owed: RevocationRow): Promise<boolean> {
  const { share_name: shareName } = owed;
  try {
    await services.shares.revokeCredentials(shareName);
    await settle(services.database.db, owed);
    return true;
  } catch (error) {
    services.log.error('credentials of the former agent could not be revoked; tried again until they are', {
      shareName,
      error,
    });
    return false;
  }
}

/** Makes good what could not be revoked when it was decided, and says how much; one share that refuses keeps no other waiting. */
export async function revokeDue(services: Services): Promise<number> {
  const { db } = services.database;
  const now = services.now();
  const due = await dueRevocations(db, now, MAX_AT_ONCE);
  const revoked = await Promise.all(
    due.map(async (owed) => {
      const isRevoked = await revokeOwed(services, owed);
      if (!isRevoked) await postpone(db, owed, new Date(now.getTime() + AGAIN_AFTER_MS));
      return isRevoked;
    }),
  );
  return revoked.filter(Boolean).length;
}
