import type { WorkflowLogLine } from '../../../shared/contract/workflows.ts';
import type { Services } from '../../platform/services.ts';
import { tableOfWeek, weeksBetween } from '../../platform/tables/weeks.ts';
import { asBadCursor } from '../cursor.ts';
import { readStretches, type Stretches } from '../readStretches.ts';
import { RUN_LOG_TABLES, runLineOf } from './rows.ts';

const DAY_MS = 24 * 3_600_000;
const DEFAULT_LIMIT = 100;
/** The clocks of hosts differ, and a line may follow the run's last write. */
const SLACK_MS = 10 * 60_000;

export interface RunLinesQuery {
  readonly runId: string;
  readonly startedAt: Date;
  readonly lastActivityAt: Date;
  readonly cursor: string | undefined;
  readonly limit: number | undefined;
  /** `Warning,Error`; undefined: all. */
  readonly level: string | undefined;
}

/** Lines of a run, oldest first, of the last `LOG_RETENTION_DAYS`. */
export async function readRunLines(
  services: Services,
  query: RunLinesQuery,
): Promise<{ readonly lines: WorkflowLogLine[]; readonly nextCursor: string | null }> {
  return readStretches(reading(services, query), {
    cursor: query.cursor,
    limit: query.limit ?? DEFAULT_LIMIT,
  });
}

function reading({ tables, now, settings }: Services, query: RunLinesQuery): Stretches<WorkflowLogLine> {
  const keptMs = now().getTime() - (settings.LOG_RETENTION_DAYS + 7) * DAY_MS;
  const weeks = weeksBetween(
    Math.max(query.startedAt.getTime() - SLACK_MS, keptMs),
    query.lastActivityAt.getTime() + SLACK_MS,
  );
  return {
    at: (place) => (place === undefined ? weeks[0] : weeks.find((week) => week >= place.dayMs)),
    after: (weekMs) => weekMs + 1,
    page: (weekMs, place, lacking) => {
      const within = place?.dayMs === weekMs ? place : undefined;
      const page = tables.rows({
        table: tableOfWeek(RUN_LOG_TABLES, weekMs),
        partitionKey: query.runId,
        from: within?.from,
        equal: { level: query.level?.split(',') ?? [] },
        limit: lacking,
        continuation: within?.continuation,
      });
      return within?.continuation === undefined ? page : page.catch(asBadCursor);
    },
    lineOf: runLineOf,
  };
}
