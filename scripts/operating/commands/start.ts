import { UnreachableError } from '../../../shared/client/index.ts';
import { startWorkflow } from '../../../shared/contract/workflows.ts';
import { terminalText } from '../../../shared/domain/escaping/terminalText.ts';
import { Ending } from '../ending.ts';
import type { ExitName } from '../exitCodes.ts';
import type { Add, Operator } from '../operator.ts';
import { readPayload } from '../payload.ts';
import { checkWaiting, waitAsAsked, type WaitOptions, withWaiting } from './waitOptions.ts';

interface StartOptions extends WaitOptions {
  readonly payload: string;
}

export const addStart: Add = (parent, act) => {
  const command = parent
    .command('start')
    .description('start a workflow')
    .argument('<name>', 'which one; `workflow list` names them')
    .option('--payload <json>', 'what it is given: JSON, @file, or - for standard input', '{}');
  withWaiting(command).action((name: string, options: StartOptions) =>
    act(command, (operator) => start(operator, name, options)),
  );
};

async function start(operator: Operator, name: string, options: StartOptions): Promise<ExitName> {
  checkWaiting(options);
  const payload = await readPayload(options.payload, operator.stdin);
  const { runId } = await send(operator, name, payload);
  const { screen } = operator;
  if (options.wait === true) screen.note(`started ${runId}`);
  const waited = await waitAsAsked(operator, runId, options);
  if (waited !== undefined) return waited;
  screen.answer({ runId }, () => [terminalText(runId)]);
  return 'done';
}

/** Starting twice is two runs: what may have been started is not started again. */
async function send({ client }: Operator, name: string, payload: Record<string, unknown>) {
  try {
    return await client.call(startWorkflow, { params: { name }, body: { payload } });
  } catch (cause) {
    if (!(cause instanceof UnreachableError)) throw cause;
    const hints = [`Look before you start it again: sync-tool workflow list --name ${name}`];
    throw new Ending('unreachable', `Whether ${name} was started is not known`, { hints, cause });
  }
}
