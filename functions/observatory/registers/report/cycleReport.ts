import { ageText, countText, instantText } from '../../../../shared/domain/age.ts';
import { atMost } from '../../../../shared/domain/escaping/visible.ts';
import { notStarted } from '../../../../shared/domain/notStarted.ts';
import type { RunStatus } from '../../../../shared/domain/runStatus.ts';
import type { Report, ReportTable } from '../../../alerts/index.ts';
import type { RunRow } from '../../../platform/runs/index.ts';
import type { ToldChanges } from './changesTold.ts';
import type { CycleEnd } from './cycleEnd.ts';
import { changesTable, stepsTable, words } from './tables.ts';

/** What a rule names that says who gets the reports of all registers; the workflow's name stands for one of them. */
const SOURCE = 'register-cycles';

const MAX_TITLE = 120;

const leads: Readonly<Record<RunStatus, string>> = {
  complete: 'Cycle complete',
  partial: 'Cycle partial',
  failed: 'Cycle failed',
  stale: 'Cycle fell silent',
  terminated: 'Cycle terminated',
  running: 'Cycle running',
  paused: 'Cycle paused',
};

/** The report of a cycle that got to its end. */
export function goodReport(
  end: CycleEnd,
  changes: ToldChanges,
  more: { readonly isFirst: boolean; readonly tables: readonly ReportTable[]; readonly at: Date },
): Report {
  const { run, status } = end;
  const none = more.isFirst
    ? 'This is the first cycle that came to its end: what it found is the beginning, and no change.'
    : 'Nothing changed.';
  return {
    ...common(end, 'snapshot', more.at),
    severity: status === 'complete' ? 'info' : 'warning',
    title: `${run.sync_type}: ${countText(totalOf(changes), 'change')}`,
    detail: [countsText(changes, none), ...doubtOf(end)].join('\n'),
    tables: [changesTable('What changed', changes), stepsTable(end.steps), ...more.tables],
  };
}

function doubtOf({ status, reason }: CycleEnd): string[] {
  if (reason !== null) return [`In doubt: ${reason}`];
  return status === 'complete' ? [] : ['Not every step succeeded: see below.'];
}

/** The notice of a cycle that did not get there. */
export function failureReport(end: CycleEnd, changes: ToldChanges, at: Date): Report {
  const { run, reason } = end;
  const said = reason ?? 'no reason is known';
  const detail = [
    said,
    `It did not come to its end. ${countsText(changes, 'Nothing had changed.')}`,
    remedyFor(end),
  ];
  return {
    ...common(end, 'failure', at),
    severity: 'warning',
    title: `${run.sync_type}: ${atMost(said, MAX_TITLE)}`,
    detail: detail.join('\n'),
    tables: [changesTable('What changed until then', changes), stepsTable(end.steps)],
  };
}

function remedyFor({ run, status }: CycleEnd): string {
  if (status === 'terminated') return 'It is over for good. Start a new one when it is wanted.';
  if (neverBegan(run) !== undefined) return 'On its page it can still be started. Its report follows then.';
  return 'On its page it can be retried, from its last good activity. When it comes to its end after all, its report follows.';
}

function neverBegan({ status, status_reason: statusReason }: RunRow): string | undefined {
  return notStarted({ status, statusReason });
}

function common({ run, status }: CycleEnd, kind: 'snapshot' | 'failure', at: Date) {
  const never = neverBegan(run);
  return {
    organizationId: run.organization_id,
    key: `cycle:${run.id}:${kind}`,
    sources: [run.sync_type, SOURCE],
    lead: never === undefined ? leads[status] : `Cycle ${never}`,
    facts: [
      { name: 'Run', value: run.id },
      ...(never === undefined ? lifeFacts(run, at) : [{ name: 'Due', value: instantText(run.started_at) }]),
    ],
    page: `/runs/${run.id}`,
  };
}

function lifeFacts(run: RunRow, at: Date) {
  const starter = run.triggered_by ?? (run.trigger_kind === 'cron' ? 'its schedule' : 'a person');
  return [
    { name: 'Started by', value: starter },
    { name: 'Began', value: instantText(run.started_at) },
    { name: 'Took', value: ageText(at.getTime() - run.started_at.getTime()) },
    ...recordFacts(run),
  ];
}

function recordFacts({ records_in: read, records_out: written }: RunRow) {
  if (read === null && written === null) return [];
  const [readText, writtenText] = [read, written].map((count) => (count ?? 0).toLocaleString('en-US'));
  return [{ name: 'Records', value: `${readText ?? ''} read, ${writtenText ?? ''} written` }];
}

function totalOf({ counts }: ToldChanges): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** `2 appeared, 1 status changed` */
function countsText({ counts }: ToldChanges, none: string): string {
  if (counts.size === 0) return none;
  return `${[...counts].map(([type, count]) => `${count.toLocaleString('en-US')} ${words(type)}`).join(', ')}.`;
}
