import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { Backlog } from './settle.ts';
import type { Production } from './sourceTimes.ts';
import type { Survey } from './survey.ts';

/** What the heartbeat says of a job's source. */
export interface SourceGauges {
  readonly sourceCount: number;
  readonly sourceBytes: number;
  readonly backlog: Backlog;
  /** Files that the instrument would delete before the oldest one of the backlog; null when nothing waits or nothing is deleted. */
  readonly purgeAhead: number | null;
  readonly production: Production;
}

export function gaugesOf(
  { sourceCap }: Pick<JobConfiguration, 'sourceCap'>,
  { fileCount, sizeBytes, times, production }: Survey,
  backlog: Backlog,
): SourceGauges {
  const { oldestMs } = backlog;
  const purgeAhead = sourceCap === null || oldestMs === null ? null : times.countBefore(oldestMs);
  return { sourceCount: fileCount, sourceBytes: sizeBytes, backlog, purgeAhead, production };
}
