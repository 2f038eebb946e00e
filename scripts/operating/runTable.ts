import type { RunSummary } from '../../shared/contract/fleet.ts';
import type { Layout } from './layout.ts';
import { spanBetween, timeText } from './spans.ts';
import { statusStyle } from './statusStyle.ts';
import { type Column, tableLines } from './table.ts';

/** Runs, a line each. */
export function runLines(runs: readonly RunSummary[], now: string, layout: Layout): string[] {
  if (runs.length === 0) return ['No run.'];
  return tableLines(columnsOf(now), runs, layout);
}

const columnsOf = (now: string): readonly Column<RunSummary>[] => [
  { title: 'RUN', text: ({ runId }) => runId },
  { title: 'STATUS', text: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { title: 'STARTED', text: ({ startedAt }) => timeText(startedAt), give: 'drop' },
  {
    title: 'TOOK',
    text: ({ startedAt, endedAt }) => spanBetween(startedAt, endedAt, now),
    align: 'right',
    give: 'drop',
  },
  {
    title: 'IN',
    text: ({ recordsIn, filesExamined }) => recordsIn ?? filesExamined,
    align: 'right',
    give: 'drop',
  },
  {
    title: 'OUT',
    text: ({ recordsOut, filesArchived }) => recordsOut ?? filesArchived,
    align: 'right',
    give: 'drop',
  },
  { title: 'TYPE', text: ({ syncType }) => syncType, give: 'drop' },
  { title: 'BY', text: ({ trigger, triggeredBy }) => triggeredBy ?? trigger, give: 'drop' },
  { title: 'WHY', text: whyOf, give: 'cut' },
];

function whyOf({ errorTag, statusReason, runnerName, jobName }: RunSummary): string {
  const where = [runnerName, jobName].filter((name) => name !== null).join(' / ');
  const why = statusReason ?? errorTag ?? '';
  return [where, why].filter((text) => text !== '').join(': ');
}
