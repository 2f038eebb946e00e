import type { Add } from '../operator.ts';
import { readRun, runPageLines } from '../runPage.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

export const addRun: Add = (parent, act) => {
  const command = parent
    .command('run')
    .description('one run of any kind, now or with --wait at its end')
    .argument('<run>', 'id of the run');
  withWaiting(command).action((runId: string, options: WaitOptions) =>
    act(command, async (operator) => {
      checkWaiting(options);
      const waited = await waitAsAsked(operator, runId, options);
      if (waited !== undefined) return waited;
      const page = await readRun(operator.client, runId);
      operator.screen.answer(page, (layout) => runPageLines(page, layout));
      return 'done';
    }),
  );
};
