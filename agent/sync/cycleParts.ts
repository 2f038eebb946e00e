import type { Client } from '../../shared/client/index.ts';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import type { Share } from '../share/openShare.ts';
import type { ScanSource } from '../source/scan.ts';
import type { OpenSourceFile } from '../source/sourceFile.ts';
import type { StartFileHash } from './fileHash.ts';
import type { SourceGauges } from './gauges.ts';
import type { InFlight } from './inFlight.ts';
import type { Knowledge } from './knowledge.ts';
import type { LateWrites } from './lateWrites.ts';
import type { QuietWatch } from './quiet.ts';
import type { RangeBuffers } from './rangeBuffers.ts';
import type { Reporter } from './report.ts';
import type { BegunRun } from './run.ts';
import type { Survey } from './survey.ts';
import type { UploadRate } from './uploadRate.ts';
import type { UploadTurns } from './uploadTurns.ts';

export interface CycleDependencies {
  readonly client: Client;
  readonly journal: Journal;
  readonly log: AgentLog;
  readonly stateFolder: string;
  readonly openSource: OpenSourceFile;
  readonly startFileHash: StartFileHash;
  /** Of the uploads of all jobs. */
  readonly buffers: RangeBuffers;
  readonly scan: ScanSource;
  readonly openShare: (shareName: string) => Promise<Share>;
  readonly quiet: QuietWatch;
  readonly inFlight: InFlight;
  readonly lateWrites: LateWrites;
  /** The uploads of all jobs. */
  readonly turns: UploadTurns;
  readonly uploads: UploadRate;
  readonly concurrency: number;
  readonly budgetMs: (sizeBytes: number) => number;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly measured: (gauges: SourceGauges) => void;
  /** The agent is stopping. */
  readonly signal: AbortSignal;
}

/** What one cycle works on. */
export interface Cycle {
  readonly job: JobConfiguration;
  readonly run: BegunRun | undefined;
  readonly survey: Survey;
  readonly knowledge: Knowledge;
  readonly reporter: Reporter;
}
