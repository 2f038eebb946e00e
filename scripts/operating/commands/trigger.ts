import { triggerWorkflow } from '../../../shared/contract/workflows.ts';
import { terminalText } from '../../../shared/domain/escaping/terminalText.ts';
import type { Add } from '../operator.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

const outcomes = {
  started: 'started anew: no run was unfinished',
  resumed: 'resumed',
  waiting: 'goes on by itself; its message was sent again',
} as const;

export const addTrigger: Add = (parent, act) => {
  const command = parent
    .command('trigger')
    .description('resume a workflow’s newest run where it stood, or start one when none is unfinished')
    .argument('<type>', 'name of the workflow, the sync type of its runs');
  withWaiting(command).action((syncType: string, options: WaitOptions) =>
    act(command, async (operator) => {
      checkWaiting(options);
      const answer = await operator.client.call(triggerWorkflow, { params: { syncType }, body: {} });
      const waited = await waitAsAsked(operator, answer.runId, options);
      if (waited !== undefined) return waited;
      const at = answer.pointer === null ? '' : `, at ${answer.pointer}`;
      operator.screen.answer(answer, () => [
        terminalText(`${answer.runId}  ${outcomes[answer.outcome]}${at}`),
      ]);
      return 'done';
    }),
  );
};
