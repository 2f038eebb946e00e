import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type { shipLogs } from '../../shared/contract/logs.ts';
import { perServices } from '../platform/perServices.ts';
import type { Services } from '../platform/services.ts';
import { createBudget } from './budget.ts';
import { type FiledRow, rowOfGap, rowOfLine } from './lineRows.ts';

const MAX_RUNNERS = 50_000;

const budgetOf = perServices(({ settings }) =>
  createBudget({ perMinute: settings.LOG_LINES_PER_MINUTE, maxKeys: MAX_RUNNERS }),
);

/**
 * Keeps lines of a runner's log: the first of them that its budget allows, and how many were left out. Rejects with
 * `TablesError` when the storage does not answer; then nothing counts as taken, and sending again is safe.
 */
export async function takeLines(
  services: Services,
  runnerId: string,
  { lines, dropped }: BodyOf<typeof shipLogs>,
): Promise<ResponseOf<typeof shipLogs>> {
  const now = services.now();
  const budget = budgetOf(services);
  const accepted = budget.take(runnerId, lines.length, now.getTime());
  const rows = lines.slice(0, accepted).map((line) => rowOfLine(runnerId, line, now));
  if (dropped > 0) rows.push(rowOfGap(runnerId, { count: dropped, after: lines[accepted - 1] }, now));
  try {
    await store(services, rows);
  } catch (error) {
    budget.giveBack(runnerId, accepted);
    throw error;
  }
  // Who ships at this pace has room for as many lines again.
  const refilledSeconds = Math.ceil(budget.waitMs(runnerId, lines.length, now.getTime()) / 1000);
  return { accepted, waitSeconds: Math.max(services.settings.LOG_SHIP_SECONDS, refilledSeconds) };
}

async function store({ tables }: Services, filed: readonly FiledRow[]): Promise<void> {
  for (const [table, group] of Map.groupBy(filed, (one) => one.table))
    await tables.upsert(
      table,
      group.map(({ row }) => row),
    );
}
