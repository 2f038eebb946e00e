import type { RunStatus } from './runStatus.ts';

/** What the advice depends on. */
export interface AdvisedRun {
  readonly status: RunStatus;
  readonly statusReason: string | null;
  readonly filesFailed: number;
}

/** What to do about a run's status, for people; shown beside it. */
export function adviceOn(run: AdvisedRun): string {
  switch (run.status) {
    case 'running':
      return 'Nothing to do: it is at work. Should it fall silent, it is closed as stale by itself.';
    case 'paused':
      return 'Paused by a person. Resume it when the reason is gone.';
    case 'complete':
      return 'Every step is done; nothing needs you.';
    case 'partial':
      return run.filesFailed > 0
        ? 'Look at the failed files: the next run tries again all that may still succeed. Vanished files are lost; see the alert.'
        : `It ended early (${run.statusReason ?? 'a step failed'}). What was archived is safe; the next run goes on with the rest.`;
    case 'failed':
      return `Nothing was archived: ${run.statusReason ?? 'its steps say why'}. The next run begins anew; if it fails too, mend the cause named here.`;
    case 'stale':
      return run.statusReason === 'superseded'
        ? 'Nothing to do: a newer run of the same job took over. What it had archived is kept.'
        : 'Its agent fell silent. Is the PC on and its agent running? When it comes back, it goes on with this run or begins a new one by itself.';
    case 'terminated':
      return 'Ended by a person. What it had archived is kept; the next run begins anew.';
  }
}
