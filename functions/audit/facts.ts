import type { Gap } from '../../shared/domain/downtime.ts';
import type { PurgeForecast } from '../../shared/domain/purgeForecast.ts';
import type { QuotaReading } from '../../shared/domain/quotaForecast.ts';
import type { RunStatus } from '../../shared/domain/runStatus.ts';

/** What the checks are held against: read once, so that all of them judge the same moment. */
export interface AuditFacts {
  readonly now: Date;
  /** When the platform itself was down, in the last seven days. */
  readonly downtime: readonly Gap[];
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
  readonly openCriticalAlerts: readonly {
    readonly title: string;
    readonly class: string;
    readonly openedAt: Date;
  }[];
  /** Files drawn from the state index and looked up on the share. */
  readonly indexSample: readonly SampledFile[];
  /** How full the database was, oldest first. */
  readonly databaseReadings: readonly QuotaReading[];
  readonly shares: readonly ShareFacts[] | 'no answer';
  /** Enabled ones. */
  readonly channels: readonly ChannelFacts[];
  readonly timers: readonly TimerFacts[];
}

export interface SampledFile {
  readonly subject: string;
  readonly finding: 'same' | 'missing' | 'different' | 'not looked up';
  readonly detail: string;
}

export interface ShareFacts {
  readonly shareName: string;
  readonly newestSnapshotAt: Date | null;
  readonly inUseSince: Date;
}

export interface ChannelFacts {
  readonly name: string;
  readonly createdAt: Date;
  readonly lastOkAt: Date | null;
  /** Notifications that were given up in the look-back, and those that are overdue. */
  readonly failed: number;
  readonly overdue: number;
}

export interface TimerFacts {
  readonly name: string;
  readonly state: 'ok' | 'late' | 'blind' | 'failing' | 'never';
  readonly lastDueAt: Date | null;
}

export interface RunnerFacts {
  readonly runnerId: string;
  readonly name: string;
  readonly lastHeartbeatAt: Date | null;
  readonly agentVersion: string | null;
  readonly activeJobs: number | null;
  readonly clockOffsetMs: number | null;
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
  readonly forecast: PurgeForecast;
}
