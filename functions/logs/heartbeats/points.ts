import type { heartbeat } from '../../../shared/contract/agents.ts';
import type { BodyOf } from '../../../shared/contract/endpoint.ts';
import type { TableRow } from '../../platform/tables/tables.ts';
import { newestFirst, partitionOf, tableOfWeek } from '../../platform/tables/weeks.ts';

export const HEARTBEAT_TABLES = 'heartbeats';

export const MINUTE_MS = 60_000;

/** What is kept of a heartbeat. */
export type Heartbeat = Pick<BodyOf<typeof heartbeat>, 'status' | 'azureFilesStatus' | 'jobs'>;

/** How a job was at one moment, as its agent said. */
export interface HeartbeatPoint {
  readonly at: Date;
  readonly sourceCount: number;
  readonly sourceBytes: number;
  readonly backlogCount: number;
  readonly backlogBytes: number;
}

type Gauges = readonly [sourceCount: number, sourceBytes: number, backlogCount: number, backlogBytes: number];

/** One row a runner and minute: the heartbeat of a minute that is kept twice is one row. */
export function rowOfHeartbeat(
  runnerId: string,
  said: Heartbeat,
  atMs: number,
): { readonly table: string; readonly row: TableRow } {
  const jobs = said.jobs
    .filter(isCounted)
    .map((job): [string, Gauges] => [
      job.jobId,
      [job.sourceCount, job.sourceBytes, job.backlogCount, job.backlogBytes],
    ]);
  return {
    table: tableOfWeek(HEARTBEAT_TABLES, atMs),
    row: {
      partitionKey: partitionOf(runnerId, atMs),
      rowKey: newestFirst(Math.floor(atMs / MINUTE_MS) * MINUTE_MS),
      at: new Date(atMs).toISOString(),
      status: said.status,
      azureFilesStatus: said.azureFilesStatus,
      jobs: JSON.stringify(Object.fromEntries(jobs)),
    },
  };
}

/** An agent that has just started has counted nothing yet, and says noughts without what it has produced. */
function isCounted(job: Heartbeat['jobs'][number]): boolean {
  return job.producedLastHour !== undefined || job.sourceCount + job.sourceBytes + job.backlogCount > 0;
}

/** Undefined: the runner did not have the job then, or had not counted. */
export function pointOfRow(row: TableRow, jobId: string): HeartbeatPoint | undefined {
  const jobs = JSON.parse(String(row['jobs'])) as Readonly<Record<string, Gauges>>;
  const gauges = Object.hasOwn(jobs, jobId) ? jobs[jobId] : undefined;
  if (gauges === undefined) return undefined;
  const [sourceCount, sourceBytes, backlogCount, backlogBytes] = gauges;
  return { at: new Date(String(row['at'])), sourceCount, sourceBytes, backlogCount, backlogBytes };
}
