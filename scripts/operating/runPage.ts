import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import { run } from '../../shared/contract/fleet.ts';
import { workflowRun } from '../../shared/contract/workflows.ts';
import type { Client } from '../../shared/client/index.ts';
import { terminalLines, terminalText } from '../../shared/domain/escaping/terminalText.ts';
import type { Layout } from './layout.ts';
import { spanBetween, timeText } from './spans.ts';
import { statusStyle } from './statusStyle.ts';
import { type Column, tableLines } from './table.ts';
import type { RunView } from './waiting.ts';

type WorkflowRunView = ResponseOf<typeof workflowRun>;
type Step = RunView['steps'][number];
type Page = Omit<RunView, 'inFlight'> & Partial<WorkflowRunView>;

/** A run of any kind; of a workflow with all that its own endpoint knows. */
export async function readRun(client: Client, runId: string): Promise<Page> {
  const view = await client.call(run, { params: { runId } });
  return view.run.isWorkflow ? client.call(workflowRun, { params: { runId } }) : view;
}

/** One run as a person reads it: facts, steps, what it was given and gave, what may be done. */
export function runPageLines(page: Page, layout: Layout): string[] {
  const { run: summary, steps, now } = page;
  return [
    `${layout.paint('bold', terminalText(summary.runId))}  ${layout.paint(statusStyle(summary.status) ?? 'bold', summary.status)}`,
    ...factLines(factsOf(page)),
    ...(steps.length === 0 ? [] : ['', ...tableLines(stepColumns(now), steps, layout)]),
    ...failureLines(page),
    ...jsonLines('Payload', page.payload),
    ...jsonLines('Result', page.failure === null || page.failure === undefined ? page.result : null),
    ...whatNext(page),
  ];
}

function factsOf(page: Page): readonly (readonly [string, string | null | undefined])[] {
  const { run: summary, now, pointer, nextSliceAt, waitingMessages, changes } = page;
  const count = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-US'));
  const ended = spanBetween(summary.startedAt, summary.endedAt, now);
  const records = `${count(summary.recordsIn)} read, ${count(summary.recordsOut)} written`;
  const files = `${count(summary.filesExamined)} examined, ${count(summary.filesArchived)} archived, ${count(summary.filesFailed)} failed`;
  return [
    ['type', summary.syncType],
    ['started', `${timeText(summary.startedAt) ?? ''} by ${summary.triggeredBy ?? summary.trigger}`],
    [
      'ended',
      summary.endedAt === null
        ? `not yet, ${ended ?? ''} so far`
        : `${timeText(summary.endedAt) ?? ''} after ${ended ?? ''}`,
    ],
    ['counted', summary.isWorkflow ? records : files],
    [
      'changes',
      changes === undefined || changes === 0
        ? null
        : `${count(changes)} (sync-tool changes --run ${summary.runId})`,
    ],
    ['stands at', pointer],
    ['goes on at', nextSliceAt === null || nextSliceAt === undefined ? null : timeText(nextSliceAt)],
    [
      'queue',
      summary.endedAt !== null || waitingMessages === undefined
        ? null
        : waitingMessages === null
          ? 'does not answer'
          : `${count(waitingMessages)} messages wait`,
    ],
    ['reason', summary.statusReason],
    ['correlation', summary.correlationId],
  ];
}

function factLines(facts: readonly (readonly [string, string | null | undefined])[]): string[] {
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`  ${name.padEnd(12)} ${terminalText(value)}`],
  );
}

const stepColumns = (now: string): readonly Column<Step>[] => [
  { title: 'STEP', text: ({ step }) => step, give: 'cut' },
  { title: 'STATUS', text: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { title: 'IN', text: ({ recordsIn }) => recordsIn, align: 'right', give: 'drop' },
  { title: 'OUT', text: ({ recordsOut }) => recordsOut, align: 'right', give: 'drop' },
  {
    title: 'TOOK',
    text: ({ startedAt, completedAt }) => spanBetween(startedAt, completedAt, now),
    align: 'right',
    give: 'drop',
  },
  { title: 'TRIES', text: ({ attempts }) => attempts, align: 'right', give: 'drop' },
  { title: 'ERROR', text: ({ error }) => error ?? '', give: 'cut' },
];

function failureLines({ failure }: Page): string[] {
  if (failure === null || failure === undefined) return [];
  return [
    '',
    `Failed: ${terminalText(failure.message)}`,
    ...jsonLines('What the other side said', failure.cause),
  ];
}

function jsonLines(title: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return [
    '',
    `${title}:`,
    ...terminalLines(JSON.stringify(value, undefined, 2))
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

function whatNext({ run: { runId }, advice, allowed = [] }: Page): string[] {
  return [
    '',
    terminalText(advice),
    ...allowed.map((verb) => `  sync-tool workflow ${verb} ${terminalText(runId)}`),
  ];
}
