import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { FileState } from '../index/segment.ts';
import type { Production } from './sourceTimes.ts';
import type { Survey } from './survey.ts';

/** What waits to be archived. */
interface Backlog {
  readonly count: number;
  readonly sizeBytes: number;
  readonly oldestMs: number | null;
}

/** What the heartbeat says of a job's source. */
export interface SourceGauges {
  readonly sourceCount: number;
  readonly sourceBytes: number;
  /** Every file that stands there, the job's or not; null where nothing says that the instrument counts. */
  readonly countedByInstrument: number | null;
  readonly backlog: Backlog;
  /** Files that the instrument would delete before the oldest one of the backlog; null when nothing waits or nothing is deleted. */
  readonly purgeAhead: number | null;
  readonly production: Production;
}

/** `waiting`: of the files that the survey saw, those that are not archived. */
export function gaugesOf(
  { sourceCap }: Pick<JobConfiguration, 'sourceCap'>,
  { fileCount, sizeBytes, unseen, times, production }: Survey,
  waiting: readonly FileState[],
): SourceGauges {
  const backlog = backlogOf([...waiting, ...unseen.pending()]);
  const { oldestMs } = backlog;
  const purgeAhead = sourceCap === null || oldestMs === null ? null : times.countBefore(oldestMs);
  const sourceCount = fileCount + unseen.fileCount;
  return {
    sourceCount,
    countedByInstrument: sourceCap === null ? null : Math.max(times.count, sourceCount),
    sourceBytes: sizeBytes + unseen.sizeBytes,
    backlog,
    purgeAhead,
    production,
  };
}

function backlogOf(files: readonly FileState[]): Backlog {
  return {
    count: files.length,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    oldestMs: files.reduce<number | null>(
      (oldest, { mtimeMs }) => Math.min(oldest ?? mtimeMs, mtimeMs),
      null,
    ),
  };
}
