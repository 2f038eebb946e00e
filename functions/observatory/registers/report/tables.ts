import { ageText, countText } from '../../../../shared/domain/age.ts';
import { atMost } from '../../../../shared/domain/escaping/visible.ts';
import type { ReportTable } from '../../../alerts/index.ts';
import type { StepRow } from '../../../platform/runs/index.ts';
import type { StatusTotal } from '../totals.ts';
import type { ToldChanges } from './changesTold.ts';

const MAX_CELL = 160;
const MAX_STEPS = 100;

const cell = (text: string | null): string => atMost(text ?? '', MAX_CELL);
const number = (count: number | null): string => count?.toLocaleString('en-US') ?? '';

/** `status_changed` → `status changed`. */
export function words(eventType: string): string {
  return eventType.replaceAll('_', ' ');
}

/** Only what this run changed. */
export function changesTable(title: string, { counts, shown }: ToldChanges): ReportTable {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const more = total - shown.length;
  return {
    title,
    columns: ['Change', 'Kind', 'Code', 'From', 'To', 'Detail'],
    rows: shown.map((change) => [
      words(change.eventType),
      words(change.entityType),
      cell(change.entityCode),
      cell(change.oldValue),
      cell(change.newValue),
      cell(change.detail),
    ]),
    note:
      total === 0 ? 'Nothing.' : more === 0 ? null : `And ${countText(more, 'more change')}: see its page.`,
  };
}

export function stepsTable(steps: readonly StepRow[]): ReportTable {
  const more = steps.length - MAX_STEPS;
  return {
    title: 'Steps',
    columns: ['Step', 'Status', 'Read', 'Written', 'Took', 'Error'],
    rows: steps
      .slice(0, MAX_STEPS)
      .map((step) => [
        step.step,
        words(step.status),
        number(step.records_in),
        number(step.records_out),
        tookText(step),
        cell(step.error),
      ]),
    note: steps.length === 0 ? 'None was begun.' : more > 0 ? `And ${countText(more, 'more step')}.` : null,
  };
}

function tookText({ started_at: from, completed_at: to }: StepRow): string {
  return from === null || to === null ? '' : ageText(to.getTime() - from.getTime());
}

export function totalsTable(totals: readonly StatusTotal[]): ReportTable {
  return {
    title: 'The register holds',
    columns: ['Kind', 'Status', 'Entities'],
    rows: totals.map(({ entityType, status, live }) => [words(entityType), cell(status), number(live)]),
    note: totals.length === 0 ? 'Nothing.' : null,
  };
}
