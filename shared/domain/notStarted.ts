/** With what the reason of a run begins that was due and never began (SPEC O1). */
export const NEVER_STARTED = 'never started';
/** The same where the cycle before it still went on. */
export const OVERLAPPED = 'skipped';

/** Why a run that stands in the feed has never run; undefined: it has. */
export function notStarted(run: {
  readonly status: string;
  readonly statusReason: string | null;
}): typeof NEVER_STARTED | typeof OVERLAPPED | undefined {
  if (run.status !== 'stale') return undefined;
  return ([NEVER_STARTED, OVERLAPPED] as const).find((word) => run.statusReason?.startsWith(`${word}:`));
}
