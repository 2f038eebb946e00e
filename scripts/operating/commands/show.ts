import { workflowRun } from '../../../shared/contract/workflows.ts';
import type { Add } from '../operator.ts';
import { runPageLines } from '../runPage.ts';

export const addShow: Add = (parent, act) => {
  const command = parent
    .command('show')
    .description('one run of a workflow: where it stands, its steps, its result or failure, what may be done')
    .argument('<run>', 'id of the run');
  command.action((runId: string) =>
    act(command, async ({ client, screen }) => {
      const page = await client.call(workflowRun, { params: { runId } });
      screen.answer(page, (layout) => runPageLines(page, layout));
      return 'done';
    }),
  );
};
