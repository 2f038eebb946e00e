import type { RunStatus } from '../../shared/domain/runStatus.ts';

/** What the checks are held against: read once, so that all of them judge the same moment. */
export interface AuditFacts {
  readonly now: Date;
  readonly minVersion: string | null;
  /** How far back "recent" reaches. */
  readonly lookBackHours: number;
  /** A run that is silent for longer than this should have been closed by the orphan sweeper. */
  readonly orphanMinutes: number;
  /** Active runners only. */
  readonly runners: readonly RunnerFacts[];
  /** Enabled jobs of active runners only. */
  readonly jobs: readonly JobFacts[];
  readonly silentRuns: readonly { readonly runId: string; readonly lastActivityAt: Date }[];
  /** Runs closed as stale in the look-back, superseded ones left out. */
  readonly closedAsStale: number;
  readonly archivedFiles: {
    readonly count: number;
    readonly withoutChecksum: number;
    readonly examples: readonly string[];
  };
  readonly openCriticalAlerts: readonly { readonly title: string; readonly openedAt: Date }[];
}

export interface RunnerFacts {
  readonly runnerId: string;
  readonly name: string;
  readonly lastHeartbeatAt: Date | null;
  readonly agentVersion: string | null;
  readonly activeJobs: number | null;
}

export interface RunFacts {
  readonly runId: string;
  readonly status: RunStatus;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly lastActivityAt: Date;
}

export interface JobFacts {
  readonly jobId: string;
  readonly name: string;
  readonly runnerName: string;
  readonly kind: 'geometry' | 'tree';
  readonly createdAt: Date;
  readonly scheduleSeconds: number;
  readonly pausedReason: string | null;
  readonly sourceCount: number | null;
  readonly sourceCap: number | null;
  readonly backlogCount: number | null;
  /** The newest run, superseded ones left out. */
  readonly latestRun: RunFacts | null;
  readonly lastGoodRunAt: Date | null;
}
