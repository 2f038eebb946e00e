import type { SourceFile, SourceStat } from '../source/sourceFile.ts';

/** The source file is not what it was when reading began; the outcome says whether anything had been sent. */
export class SourceChangedError extends Error {
  override readonly name = 'SourceChangedError';
  readonly outcome: 'still_writing' | 'changed_during_upload';

  constructor(outcome: SourceChangedError['outcome'], before: SourceFile, after: SourceStat) {
    super(
      `reading ${before.path}: it had ${String(before.sizeBytes)} bytes of ${String(before.mtimeMs)}, and now ${String(after.sizeBytes)} of ${String(after.mtimeMs)}`,
    );
    this.outcome = outcome;
  }
}
