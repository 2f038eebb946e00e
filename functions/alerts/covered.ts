import type { AlertRow } from './alertRow.ts';
import { fingerprints } from './causes.ts';
import { groupOf, type Situation, type Window } from './situation.ts';

/**
 * The end of the open maintenance windows that cover an alert; the latest of several. Runners that are silent together are covered
 * when each of them is, until the first of them is not any more. Data loss is never covered.
 */
export function coveredUntil(alert: AlertRow, situation: Situation): Date | undefined {
  if (alert.class === 'data_loss') return undefined;
  return latest([
    ...endsOf(situation.windows.filter((window) => covers(window, alert, situation))),
    ...togetherUntil(alert, situation),
  ]);
}

function covers({ runnerId, groupId }: Window, alert: AlertRow, situation: Situation): boolean {
  if (runnerId !== null) return alert.runner_id === runnerId;
  if (groupId === null) return true;
  return groupOf(alert, situation) === groupId || alert.fingerprint === fingerprints.site(groupId);
}

/** Of an alert that stands for the silence of several runners. */
function togetherUntil({ fingerprint }: AlertRow, { runners, windows }: Situation): Date[] {
  const isBehind = (groupId: string | null): boolean =>
    fingerprint === fingerprints.allRunnersSilent ||
    (groupId !== null && fingerprint === fingerprints.site(groupId));
  const ends = [...runners].flatMap(([id, { groupId, isHeard }]) => {
    if (!isHeard || !isBehind(groupId)) return [];
    const own = windows.filter(
      (one) => one.runnerId === id || (one.groupId !== null && one.groupId === groupId),
    );
    return [latest(endsOf(own))];
  });
  const known = ends.filter((end) => end !== undefined);
  if (known.length === 0 || known.length < ends.length) return [];
  return [new Date(Math.min(...known.map((end) => end.getTime())))];
}

function endsOf(windows: readonly Window[]): Date[] {
  return windows.map(({ endsAt }) => endsAt);
}

function latest(ends: readonly Date[]): Date | undefined {
  return ends.length === 0 ? undefined : new Date(Math.max(...ends.map((end) => end.getTime())));
}
