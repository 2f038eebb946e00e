import { pathIn } from '../../shared/domain/relativePath.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import type { Share } from '../share/openShare.ts';
import type { OpenSourceFile } from '../source/sourceFile.ts';
import type { StartFileHash } from './fileHash.ts';
import type { InFlight } from './inFlight.ts';
import type { LateWrites } from './lateWrites.ts';
import type { QuietWatch } from './quiet.ts';
import type { RangeBuffers } from './rangeBuffers.ts';
import type { ShareFolders } from './shareFolders.ts';

/** What archiving one file needs; made once for a cycle. */
export interface ArchiveTools {
  readonly jobId: string;
  readonly runId: string | undefined;
  /** Absolute folder of the source. */
  readonly root: string;
  /** The job's folder on the share, `''` for its root. */
  readonly sharePath: string;
  readonly openSource: OpenSourceFile;
  readonly startFileHash: StartFileHash;
  readonly buffers: RangeBuffers;
  readonly share: Share;
  readonly folders: ShareFolders;
  readonly journal: Journal;
  readonly quiet: QuietWatch;
  readonly inFlight: InFlight;
  readonly lateWrites: LateWrites;
  readonly budgetMs: (sizeBytes: number) => number;
  readonly newUploadId: () => string;
  readonly log: AgentLog;
  /** The agent is stopping. */
  readonly signal: AbortSignal;
}

/** A path of the job as it stands on the share. */
export function onShare(tools: Pick<ArchiveTools, 'sharePath'>, path: string): string {
  return pathIn(tools.sharePath, path);
}
