import {
  pauseWorkflowRun,
  resumeWorkflowRun,
  terminateWorkflowRun,
} from '../../../shared/contract/workflows.ts';
import type { ExitName } from '../exitCodes.ts';
import type { Add, Operator } from '../operator.ts';
import { runLines } from '../runTable.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

interface Control {
  readonly verb: string;
  readonly does: string;
  readonly endpoint: typeof pauseWorkflowRun;
  /** The run goes on afterwards, so that one may wait for its end. */
  readonly goesOn: boolean;
}

const controls: readonly Control[] = [
  { verb: 'pause', does: 'stop a run after what is under way', endpoint: pauseWorkflowRun, goesOn: false },
  { verb: 'resume', does: 'let a paused run go on', endpoint: resumeWorkflowRun, goesOn: true },
  {
    verb: 'terminate',
    does: 'end a run for good; results in flight are refused',
    endpoint: terminateWorkflowRun,
    goesOn: false,
  },
];

interface ControlOptions extends WaitOptions {
  readonly reason?: string;
}

export const addControls: Add = (parent, act) => {
  for (const control of controls) {
    const command = parent
      .command(control.verb)
      .description(control.does)
      .argument('<run>', 'id of the run')
      .option('--reason <text>', 'why, for the audit log');
    if (control.goesOn) withWaiting(command);
    command.action((runId: string, options: ControlOptions) =>
      act(command, (operator) => controlRun(operator, control.endpoint, runId, options)),
    );
  }
};

/** Does something to one run, waits for it if that was asked for, and shows it as it is then. */
export async function controlRun(
  operator: Operator,
  endpoint: Control['endpoint'],
  runId: string,
  options: ControlOptions,
): Promise<ExitName> {
  checkWaiting(options);
  const { reason } = options;
  const answer = await operator.client.call(endpoint, {
    params: { runId },
    body: reason === undefined ? {} : { reason },
  });
  const waited = await waitAsAsked(operator, runId, options);
  if (waited !== undefined) return waited;
  const { run } = answer;
  operator.screen.answer(answer, (layout) => runLines([run], run.lastActivityAt, layout));
  return 'done';
}
