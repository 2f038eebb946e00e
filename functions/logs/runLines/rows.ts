import { type LogLevel, logLevel } from '../../../shared/contract/logs.ts';
import type { WorkflowLogLine } from '../../../shared/contract/workflows.ts';
import type { LogFacts } from '../../platform/logging.ts';
import { redactText } from '../../platform/logging/redact.ts';
import type { TableRow } from '../../platform/tables/tables.ts';
import { tableOfWeek } from '../../platform/tables/weeks.ts';
import { factsOf, factsText } from '../factsText.ts';
import type { FiledRow } from '../lineRows.ts';

export const RUN_LOG_TABLES = 'workflowlogs';

/** The run that a line is about. */
export interface LoggedRun {
  readonly runId: string;
  readonly syncType: string;
  readonly correlationId: string;
}

/** One event of a run; `activityName` and `errorTag` among its facts become columns. */
export interface RunLine {
  readonly at: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly facts: LogFacts;
}

const MAX_MESSAGE_LENGTH = 4000;

/** Where a line is kept: in the table of its week, under its run, oldest first; `place` tells lines of one millisecond apart. */
export function rowOfRunLine(run: LoggedRun, line: RunLine, place: string): FiledRow {
  const { activityName, errorTag, ...rest } = line.facts;
  const hasFacts = Object.keys(rest).length > 0;
  return {
    table: tableOfWeek(RUN_LOG_TABLES, line.at.getTime()),
    row: {
      partitionKey: run.runId,
      rowKey: `${String(line.at.getTime()).padStart(14, '0')}-${place}`,
      at: line.at.toISOString(),
      level: line.level,
      message: redactText(line.message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()),
      workflowName: run.syncType,
      workflowId: run.runId,
      correlationId: run.correlationId,
      ...(typeof activityName === 'string' ? { activityName } : {}),
      ...(typeof errorTag === 'string' ? { errorTag } : {}),
      ...(hasFacts ? { facts: factsText(rest) } : {}),
    },
  };
}

export function runLineOf(row: TableRow): WorkflowLogLine {
  const { activityName, errorTag, facts } = row;
  return {
    at: String(row['at']),
    level: logLevel.catch('Information').parse(row['level']),
    message: String(row['message']),
    activityName: activityName === undefined ? null : String(activityName),
    errorTag: errorTag === undefined ? null : String(errorTag),
    facts: factsOf(facts),
  };
}
