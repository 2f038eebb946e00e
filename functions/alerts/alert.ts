import { type Db, inTransaction } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { liveKeyOf } from './alertRow.ts';
import type { Finding } from './finding.ts';
import { raiseAll } from './raise.ts';
import { resolveAll } from './resolve.ts';
import { lockLive } from './store.ts';

/**
 * Opens an alert, or counts one more on the open alert of the same fingerprint and shows the newest words; the
 * severity only ever rises while it is open. A data loss that comes after people took up the last one is an alert of
 * its own. Writes down what changed and whom it is told, in the caller's transaction when `db` is one; the outbox is
 * emptied afterwards. Safe against rivals: two that meet the same problem make one alert. Gives the alert's id.
 */
export async function raiseAlert(db: Db, finding: Finding, context: WriteContext): Promise<string> {
  return inTransaction(db, async (tx) => {
    const met = await raiseAll(tx, finding.organizationId, [finding], context);
    return met.get(finding.fingerprint)?.alert.id ?? '';
  });
}

/**
 * Resolves the live alert of a fingerprint; false when there is none, which is no error: resolving twice changes
 * nothing. One that comes and goes stays open until it was quiet for a while; that too is false.
 */
export async function resolveAlert(
  db: Db,
  problem: { readonly organizationId: string; readonly fingerprint: string; readonly reason: string },
  context: WriteContext,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const live = await lockLive(tx, [liveKeyOf(problem)]);
    const resolution = { reason: problem.reason, atOnce: false };
    return (await resolveAll(tx, problem.organizationId, live, resolution, context)) === 1;
  });
}
