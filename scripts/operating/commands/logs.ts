import { type WorkflowLogLine, workflowRunLogs } from '../../../shared/contract/workflows.ts';
import { wholeNumber } from '../arguments.ts';
import type { ExitName } from '../exitCodes.ts';
import { firstOf, noteMore } from '../feed.ts';
import { followLogs } from '../following.ts';
import { given } from '../given.ts';
import { logLine } from '../logLine.ts';
import type { Add, Operator } from '../operator.ts';

interface LogsOptions {
  readonly level?: string;
  readonly follow?: boolean;
  readonly limit: number;
}

export const addLogs: Add = (parent, act) => {
  const command = parent
    .command('logs')
    .description('the log of a run, oldest line first')
    .argument('<run>', 'id of the run')
    .option('--level <levels>', 'only of these: Warning,Error')
    .option('--follow', 'go on until the run has ended; with --json, a document a line')
    .option('--limit <number>', 'at most so many, without --follow', wholeNumber(1, 1_000_000), 10_000);
  command.action((runId: string, options: LogsOptions) =>
    act(command, (operator) => logs(operator, runId, options)),
  );
};

async function logs(operator: Operator, runId: string, options: LogsOptions): Promise<ExitName> {
  const { client, screen } = operator;
  const { level, limit } = options;
  if (options.follow === true) return await followLogs(operator, runId, level);
  const { items, nextCursor } = await firstOf<WorkflowLogLine>(limit, async (at) => {
    const query = { ...given({ level }), ...at };
    const page = await client.call(workflowRunLogs, { params: { runId }, query });
    return { items: page.lines, nextCursor: page.nextCursor };
  });
  screen.answer({ lines: items, nextCursor }, (layout) =>
    items.length === 0 ? ['No line.'] : items.map((line) => logLine(line, layout)),
  );
  noteMore(screen, nextCursor, limit);
  return 'done';
}
