import { Option } from 'commander';
import { bulkRetry, retryWorkflowRun } from '../../../shared/contract/workflows.ts';
import { countText } from '../../../shared/domain/age.ts';
import { ERROR_TAGS, type ErrorTag } from '../../../shared/domain/errorTags.ts';
import { terminalText } from '../../../shared/domain/escaping/terminalText.ts';
import { wholeNumber } from '../arguments.ts';
import { Ending, wrongCall } from '../ending.ts';
import type { ExitName } from '../exitCodes.ts';
import { given } from '../given.ts';
import type { Add, Operator } from '../operator.ts';
import { runLines } from '../runTable.ts';
import { controlRun } from './control.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

interface RetryOptions extends WaitOptions {
  readonly reason?: string;
  readonly tag?: ErrorTag;
  readonly name?: string;
  readonly perMinute?: number;
  readonly yes?: boolean;
}

/** Neither the other sides nor the queue notice. */
const PER_MINUTE = 60;

export const addRetry: Add = (parent, act) => {
  const command = parent
    .command('retry')
    .description(
      'let a failed, silent or partial run go on from its last good activity; with --tag, all of a kind',
    )
    .argument('[run]', 'id of the run')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(
      new Option('--tag <tag>', 'all failed runs with this error tag; shown first').choices(ERROR_TAGS),
    )
    .option('--name <workflow>', 'with --tag: only of this workflow')
    .option(
      '--per-minute <number>',
      `with --tag: at most so many a minute, ${String(PER_MINUTE)} unless said otherwise`,
      wholeNumber(1, 600),
    )
    .option('--yes', 'with --tag: do it');
  withWaiting(command).action((runId: string | undefined, options: RetryOptions) =>
    act(command, (operator) => retry(operator, runId, options)),
  );
};

function retry(operator: Operator, runId: string | undefined, options: RetryOptions): Promise<ExitName> {
  checkWaiting(options);
  const { tag, name, perMinute, yes = false, wait = false, reason } = options;
  if ((runId === undefined) === (tag === undefined)) throw wrongCall('Wanted: the id of a run, or --tag');
  if (tag !== undefined) {
    if (reason !== undefined) throw wrongCall('--reason is for one run; wanted: --tag without it');
    if (wait && !yes) throw wrongCall('--wait waits for what --yes begins; wanted: both, or neither');
    return retryAll(operator, tag, options);
  }
  if (name !== undefined || perMinute !== undefined || yes)
    throw wrongCall('--name, --per-minute and --yes are for many runs; wanted: --tag beside them');
  return controlRun(operator, retryWorkflowRun, runId ?? '', options);
}

/** Shows what would be retried; with `--yes`, begins a run that does it. */
async function retryAll(operator: Operator, tag: ErrorTag, options: RetryOptions): Promise<ExitName> {
  const { client, screen } = operator;
  const { name, perMinute = PER_MINUTE, yes = false } = options;
  const answer = await client.call(bulkRetry, {
    body: { tag, preview: !yes, perMinute, ...given({ name }) },
  });
  const { count, runs, refusal, runId } = answer;
  if (refusal !== null) throw new Ending('conflict', refusal, { facts: { ...answer } });
  if (runId !== null && options.wait === true) screen.note(`started ${runId}`);
  const waited = runId === null ? undefined : await waitAsAsked(operator, runId, options);
  if (waited !== undefined) return waited;
  const all = countText(count, 'run');
  const said =
    runId === null
      ? `${all} would be retried; nothing was touched. --yes does it.`
      : `${all} retried by ${runId}`;
  screen.answer(answer, (layout) =>
    count === 0
      ? ['No failed run has this tag.']
      : [
          ...runLines(runs, new Date().toISOString(), layout),
          ...(count > runs.length ? [`… and ${(count - runs.length).toLocaleString('en-US')} more`] : []),
          '',
          terminalText(said),
        ],
  );
  return 'done';
}
