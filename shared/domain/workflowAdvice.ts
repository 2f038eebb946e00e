import { NEVER_STARTED, notStarted } from './notStarted.ts';
import type { RunStatus } from './runStatus.ts';

/** What the advice on a run of a workflow depends on. */
export interface AdvisedWorkflowRun {
  readonly status: RunStatus;
  readonly statusReason: string | null;
  /** It came to its end; what failed before that may only be its queue. */
  readonly ended: boolean;
}

/** What to do about the status of a workflow's run, for people; of one that failed for good its failure says more. */
export function adviceOnWorkflow(run: AdvisedWorkflowRun): string {
  const reason = run.statusReason ?? 'its steps say why';
  switch (run.status) {
    case 'running':
      return 'Nothing to do: it is at work. Should nothing be heard of it, it is closed as stale by itself.';
    case 'paused':
      return 'Paused by a person. Resume it when the reason is gone.';
    case 'complete':
      return 'Every step is done; nothing needs you.';
    case 'partial':
      return `It came to its end, but ${reason}. Where a step failed, retry: it goes on there. Where it read too little, look at the source, and start it anew.`;
    case 'failed':
      return run.ended
        ? `It failed: ${reason}. Mend the cause, then retry: it goes on from its last good step.`
        : 'Its next message could not be sent. It goes on by itself when the queue answers; look at the queue if it does not.';
    case 'stale':
      return adviceOnSilence(run);
    case 'terminated':
      return 'Ended by a person, for good. What its finished steps stored is kept; start it anew if it is wanted.';
  }
}

function adviceOnSilence(run: AdvisedWorkflowRun): string {
  const word = notStarted(run);
  if (word === undefined)
    return 'Nothing was heard of it any more: its host ended, or its messages did not arrive. Retry: it goes on from its last good step.';
  return word === NEVER_STARTED
    ? 'It was due and never began. Retry starts it after all.'
    : 'It was due while the run before it still went on. The next one comes by its schedule; retry starts this one after all.';
}
