import { ageText, type Check, type CheckStatus, verdictOf } from '../check.ts';
import type { ShareFacts } from '../facts.ts';

/** Daily, and two hours for a late one. */
const FRESH_MS = 26 * 3_600_000;

/** Every share has a snapshot of the last day: what is restored from when the share is damaged. */
export const snapshotsFresh: Check = {
  name: 'SNAPSHOTS_FRESH',
  judge: ({ shares, now }) => {
    if (shares === 'no answer')
      return {
        status: 'fail',
        summary: 'The storage account did not say what snapshots it has.',
        evidence: [],
      };
    const evidence = shares.map((share) => ({ subject: share.shareName, ...judgeShare(share, now) }));
    return verdictOf(
      evidence,
      ({ good }) => `${String(good)} of ${String(shares.length)} shares have a snapshot of the last day.`,
    );
  },
};

function judgeShare(share: ShareFacts, now: Date): { status: CheckStatus; detail: string } {
  const { newestSnapshotAt, inUseSince } = share;
  if (newestSnapshotAt === null) {
    const isNew = now.getTime() - inUseSince.getTime() < FRESH_MS;
    const detail = isNew ? 'none yet: the share is new' : 'there is no snapshot to restore from';
    return { status: isNew ? 'warn' : 'fail', detail };
  }
  const isFresh = now.getTime() - newestSnapshotAt.getTime() < FRESH_MS;
  return { status: isFresh ? 'pass' : 'fail', detail: `newest ${ageText(newestSnapshotAt, now)} old` };
}
