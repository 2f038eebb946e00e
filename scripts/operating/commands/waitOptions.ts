import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { wrongCall } from '../ending.ts';
import type { ExitName } from '../exitCodes.ts';
import type { Operator } from '../operator.ts';
import { readRun, runPageLines } from '../runPage.ts';
import { waitForEnd } from '../waiting.ts';

export interface WaitOptions {
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout?: number;
}

/** Lets a command wait for the run that it is about. */
export function withWaiting(command: Command): Command {
  return command
    .option('--wait', 'wait until the run has ended; its end decides the exit code')
    .option('--timeout <seconds>', 'with --wait: wait no longer', wholeNumber(1, 10_000_000));
}

export function checkWaiting({ wait = false, timeout }: WaitOptions): void {
  if (!wait && timeout !== undefined)
    throw wrongCall('--timeout says how long to wait; wanted: --wait beside it');
}

/** Waits if that was asked for, shows the run as it ended, and says how to end; undefined: nobody asked. */
export async function waitAsAsked(
  operator: Operator,
  runId: string,
  { wait = false, timeout }: WaitOptions,
): Promise<ExitName | undefined> {
  if (!wait) return undefined;
  const { run } = await waitForEnd(operator, runId, timeout === undefined ? Infinity : timeout * 1000);
  const page = await readRun(operator.client, runId);
  operator.screen.answer(page, (layout) => runPageLines(page, layout));
  return run.status === 'complete' ? 'done' : 'runNotComplete';
}
