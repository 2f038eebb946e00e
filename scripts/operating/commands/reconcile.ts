import { reconcile } from '../../../shared/contract/fleet.ts';
import { terminalText } from '../../../shared/domain/escaping/terminalText.ts';
import type { Add } from '../operator.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

interface ReconcileOptions extends WaitOptions {
  readonly dryRun?: boolean;
  readonly removeMissing?: boolean;
  readonly allowEmptyShare?: boolean;
}

export const addReconcile: Add = (parent, act) => {
  const command = parent
    .command('reconcile')
    .description('list what is really on a job’s share and repopulate its state index')
    .argument('<runner>', 'id of the runner')
    .argument('<job>', 'id of the job')
    .option('--dry-run', 'say what would change, change nothing')
    .option('--remove-missing', 'also remove index rows whose file is not on the share')
    .option('--allow-empty-share', 'go on although the share looks empty and the index does not');
  withWaiting(command).action((runnerId: string, jobId: string, options: ReconcileOptions) =>
    act(command, async (operator) => {
      checkWaiting(options);
      const { dryRun = false, removeMissing = false, allowEmptyShare = false } = options;
      const body = { dryRun, removeMissing, allowEmptyShare };
      const answer = await operator.client.call(reconcile, { params: { runnerId, jobId }, body });
      const waited = await waitAsAsked(operator, answer.runId, options);
      if (waited !== undefined) return waited;
      operator.screen.answer(answer, () => [terminalText(answer.runId)]);
      return 'done';
    }),
  );
};
