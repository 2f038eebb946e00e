import type { Client } from '../../../shared/client/index.ts';
import { type RunSummary, runs, type runStatus } from '../../../shared/contract/fleet.ts';
import { type WorkflowKind, workflowKinds } from '../../../shared/contract/workflows.ts';
import { wholeNumber } from '../arguments.ts';
import { Ending } from '../ending.ts';
import { firstOf } from '../feed.ts';
import { given } from '../given.ts';
import type { Layout } from '../layout.ts';
import type { Add } from '../operator.ts';
import { runLines } from '../runTable.ts';
import { timeText } from '../spans.ts';
import { statusStyle } from '../statusStyle.ts';
import { type Column, tableLines } from '../table.ts';
import { MOST_RUNS, statusOption } from './runs.ts';

interface ListOptions {
  readonly name?: string;
  readonly status?: (typeof runStatus.options)[number];
  readonly limit: number;
}

export const addList: Add = (parent, act) => {
  const command = parent
    .command('list')
    .description('the workflows that the server knows, and their newest runs')
    .option('--name <name>', 'only this workflow')
    .addOption(statusOption())
    .option('--limit <number>', 'at most so many runs', wholeNumber(1, MOST_RUNS), 20);
  command.action((options: ListOptions) =>
    act(command, async ({ client, screen }) => {
      const { now, workflows: all } = await client.call(workflowKinds, {});
      const workflows = all.filter(({ name }) => options.name === undefined || name === options.name);
      if (options.name !== undefined && workflows.length === 0) throw unknown(options.name, all);
      const newest = await newestRuns(client, workflows, options);
      screen.answer({ now, workflows, runs: newest }, (layout) => [
        ...kindLines(workflows, layout),
        '',
        ...runLines(newest, now, layout),
      ]);
      return 'done';
    }),
  );
};

/** The feed holds runs of all kinds: each workflow is asked for, and the newest of all are kept. */
async function newestRuns(
  client: Client,
  workflows: readonly WorkflowKind[],
  { status, limit }: ListOptions,
): Promise<RunSummary[]> {
  const feeds: (readonly RunSummary[])[] = [];
  for (const { name: syncType } of workflows) {
    const { items } = await firstOf(limit, async (at) => {
      const page = await client.call(runs, { query: { syncType, ...given({ status }), ...at } });
      return { items: page.runs, nextCursor: page.nextCursor };
    });
    feeds.push(items);
  }
  return feeds
    .flat()
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
    .slice(0, limit);
}

function unknown(name: string, all: readonly WorkflowKind[]): Ending {
  const names = all.map((kind) => kind.name).join(', ');
  return new Ending('notFound', `The server knows no workflow ${name}. It knows: ${names || 'none'}.`);
}

function kindLines(workflows: readonly WorkflowKind[], layout: Layout): string[] {
  return workflows.length === 0
    ? ['The server knows no workflow.']
    : tableLines(kindColumns, workflows, layout);
}

const kindColumns: readonly Column<WorkflowKind>[] = [
  { title: 'WORKFLOW', text: ({ name }) => name },
  {
    title: 'LAST RUN',
    text: ({ lastRun }) => lastRun?.status ?? null,
    style: ({ lastRun }) => (lastRun === null ? undefined : statusStyle(lastRun.status)),
  },
  { title: 'NEXT', text: ({ nextDueAt }) => timeText(nextDueAt) ?? 'by hand', give: 'drop' },
  {
    title: 'LACKS',
    text: ({ missingSettings }) => missingSettings.join(' '),
    style: () => 'yellow',
    give: 'cut',
  },
  { title: 'DOES', text: ({ summary }) => summary, give: 'cut' },
];
