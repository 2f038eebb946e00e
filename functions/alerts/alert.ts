import { type Db, inTransaction } from '../platform/database/index.ts';
import { recordStateChange, type WriteContext } from '../platform/runs/index.ts';
import type { Finding } from './finding.ts';
import { insertIfAbsent, readLive, resolveLive, seeAgain } from './store.ts';

/** Between our look and our count a rival may resolve the alert; then it opens anew. */
const MAX_ATTEMPTS = 5;

/**
 * Opens an alert, or counts one more on the open alert of the same fingerprint and shows the newest words; the
 * severity only ever rises while it is open. Safe against rivals: two that meet the same problem make one alert. Part of
 * the caller's transaction when `db` is one. Gives the alert's id.
 */
export async function raiseAlert(db: Db, finding: Finding, context: WriteContext): Promise<string> {
  return inTransaction(db, async (tx) => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const alertId = context.newId();
      if (await insertIfAbsent(tx, alertId, finding, context.at)) {
        await recordChange(
          tx,
          { ...finding, alertId, oldState: null, newState: 'open' },
          finding.title,
          context,
        );
        return alertId;
      }
      const seenId = await seeAgain(tx, finding, context.at);
      if (seenId !== undefined) return seenId;
    }
    throw new Error(
      `Cannot raise alert ${finding.fingerprint}: it was resolved ${MAX_ATTEMPTS} times meanwhile`,
    );
  });
}

/** Resolves the open alert of a fingerprint; false when there is none, which is no error: resolving twice changes nothing. */
export async function resolveAlert(
  db: Db,
  problem: { readonly organizationId: string; readonly fingerprint: string; readonly reason: string },
  context: WriteContext,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const live = await readLive(tx, problem);
    if (live === undefined) return false;
    if (!(await resolveLive(tx, live, context.at))) return false;
    const change = { ...problem, alertId: live.id, oldState: live.status, newState: 'resolved' };
    await recordChange(tx, change, problem.reason, context);
    return true;
  });
}

async function recordChange(
  tx: Db,
  change: {
    readonly organizationId: string;
    readonly alertId: string;
    readonly oldState: string | null;
    readonly newState: string;
  },
  reason: string,
  context: WriteContext,
): Promise<void> {
  await recordStateChange(
    tx,
    { ...change, subjectType: 'alert', subjectId: change.alertId, reason },
    context,
  );
}
