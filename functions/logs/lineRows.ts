import { type LogLine, logLevel, type ShippedLine } from '../../shared/contract/logs.ts';
import { redactText } from '../platform/logging/redact.ts';
import type { TableRow } from '../platform/tables/tables.ts';
import { newestFirst, partitionOf, tableOfWeek } from '../platform/tables/weeks.ts';
import { factsOf, factsText } from './factsText.ts';

export const LOG_TABLES = 'agentlogs';

const DAY_MS = 24 * 3_600_000;
/** An agent keeps its files for 14 days; a line that claims to be older, or of the future, is filed where it arrived. */
const OLDEST_MS = 30 * DAY_MS;
const NEWEST_MS = DAY_MS;

/** A row with the table that it belongs to. */
export interface FiledRow {
  readonly table: string;
  readonly row: TableRow;
}

/**
 * Where a line is kept. The key is the line's own time and its position in the agent's file, so that a line which is
 * sent twice is one row. Secrets are taken out here too: an older agent may not have.
 */
export function rowOfLine(runnerId: string, line: ShippedLine, receivedAt: Date): FiledRow {
  const filedMs = filedAtMs(Date.parse(line.at), receivedAt.getTime());
  const facts = line.facts === undefined ? undefined : factsText(line.facts);
  return {
    table: tableOfWeek(LOG_TABLES, filedMs),
    row: {
      partitionKey: partitionOf(runnerId, filedMs),
      rowKey: rowKey(filedMs, line.sequence),
      at: line.at,
      receivedAt: receivedAt.toISOString(),
      level: line.level,
      message: redactText(line.message.toWellFormed()),
      ...(line.correlationId === null ? {} : { correlationId: line.correlationId.toWellFormed() }),
      ...(line.jobId === null ? {} : { jobId: line.jobId }),
      ...(facts === undefined ? {} : { facts }),
    },
  };
}

/** Says that lines are missing, beside the last one that came. */
export function rowOfGap(
  runnerId: string,
  gap: { readonly count: number; readonly after: ShippedLine | undefined },
  receivedAt: Date,
): FiledRow {
  const at = gap.after?.at ?? receivedAt.toISOString();
  const message = `${gap.count} lines were left out here: there were more than the log takes`;
  const told = { at, sequence: gap.after?.sequence ?? 0, level: 'Warning', message } as const;
  const filed = rowOfLine(runnerId, { ...told, correlationId: null, jobId: null }, receivedAt);
  return {
    ...filed,
    row: { ...filed.row, rowKey: `${filed.row.rowKey}-gap`, facts: factsText({ leftOut: gap.count }) },
  };
}

export function lineOfRow(runnerId: string, row: TableRow): LogLine {
  const { correlationId, jobId, facts } = row;
  return {
    at: String(row['at']),
    receivedAt: String(row['receivedAt']),
    level: logLevel.catch('Information').parse(row['level']),
    runnerId,
    message: String(row['message']),
    correlationId: correlationId === undefined ? null : String(correlationId),
    jobId: jobId === undefined ? null : String(jobId),
    facts: factsOf(facts),
  };
}

function filedAtMs(atMs: number, receivedMs: number): number {
  const isPlausible = atMs >= receivedMs - OLDEST_MS && atMs <= receivedMs + NEWEST_MS;
  // By the day and not the moment, so that the line is the same row when it is sent again.
  return isPlausible ? atMs : Math.floor(receivedMs / DAY_MS) * DAY_MS;
}

function rowKey(filedMs: number, sequence: number): string {
  return `${newestFirst(filedMs)}-${String(Number.MAX_SAFE_INTEGER - sequence).padStart(16, '0')}`;
}
