import {
  pauseWorkflowRun,
  resumeWorkflowRun,
  retryWorkflowRun,
  terminateWorkflowRun,
} from '../../../../shared/contract/workflows.ts';
import { sayAmount } from '../../format/amount.ts';
import type { WorkflowRunAnswer } from './standing.ts';

export type Verb = WorkflowRunAnswer['allowed'][number];

export const controls = {
  pause: pauseWorkflowRun,
  resume: resumeWorkflowRun,
  retry: retryWorkflowRun,
  terminate: terminateWorkflowRun,
} as const satisfies Record<Verb, unknown>;

/** What a button says before and after it does something to a run. */
export interface ControlWords {
  readonly button: string;
  /** What it will do, with numbers. */
  readonly before: string;
  readonly doing: string;
  /** What it did. */
  readonly after: string;
}

type Facts = Pick<WorkflowRunAnswer, 'run' | 'steps' | 'failure' | 'changes'>;

export function controlWords(verb: Verb, facts: Facts): ControlWords {
  const { run } = facts;
  switch (verb) {
    case 'pause':
      return {
        button: 'Pause',
        before:
          'What is under way is finished and stored, then nothing more happens until somebody resumes it. Nothing is lost. While it stands, no other run of a workflow that allows one at a time can begin.',
        doing: 'Pausing the run',
        after: `${run.runId} is paused: it stops after what is under way.`,
      };
    case 'resume':
      return {
        button: 'Resume',
        before: `It goes on after ${doneSteps(facts)}.`,
        doing: 'Resuming the run',
        after: `${run.runId} goes on where it stood.`,
      };
    case 'retry':
      return {
        button: 'Retry',
        before: retryText(facts),
        doing: 'Retrying the run',
        after: `${run.runId} goes on after ${doneSteps(facts)}.`,
      };
    case 'terminate':
      return {
        button: 'Terminate',
        before: `The run ends for good: it can be neither resumed nor retried, and results that are on their way are refused. ${whatStays(facts)} A new run begins from the start.`,
        doing: 'Terminating the run',
        after: `${run.runId} is terminated: results that were on their way are refused.`,
      };
  }
}

function retryText(facts: Facts): string {
  const text = `It goes on after ${doneSteps(facts)}; what failed is tried again. What is stored already is neither fetched nor written again.`;
  if (facts.failure?.isPermanent !== true) return text;
  return `${text} The failure is one that repeating alone does not mend: unless its cause is gone, the same comes again.`;
}

function doneSteps({ steps }: Facts): string {
  const done = steps.filter((step) => step.kind === 'work' && step.status === 'complete').length;
  return done === 0
    ? 'its beginning: no step is finished yet'
    : `the ${sayAmount(done, 'step that is finished', 'steps that are finished')}`;
}

function whatStays({ run, changes }: Facts): string {
  const stays = [
    ...(run.recordsOut === null || run.recordsOut === 0 ? [] : [sayAmount(run.recordsOut, 'record')]),
    ...(changes === 0 ? [] : [sayAmount(changes, 'change')]),
  ];
  return stays.length === 0
    ? 'It has written nothing yet.'
    : `What it has written stays: ${stays.join(' and ')}.`;
}
