import type { completeRun } from '../../shared/contract/agents.ts';
import type { BodyOf } from '../../shared/contract/endpoint.ts';
import type { Db } from '../platform/database/index.ts';
import {
  endRun,
  type RunRow,
  type StepWrite,
  type WriteContext,
  writeSteps,
} from '../platform/runs/index.ts';
import type { CountedRun } from './store/runFiles.ts';
import { storeTotals } from './store/runs.ts';

export type Closing = NonNullable<BodyOf<typeof completeRun>['closing']>;

/**
 * Ends a file sync. Without an error every step is complete, and the run `complete`, or `partial` when files failed. With
 * one, the upload failed: the run is `partial` if it archived anything, else the last step failed too and the run is
 * `failed`. Skipped files make no run partial: a later cycle takes them, or nothing ever can.
 */
export async function closeFileSync(
  tx: Db,
  run: RunRow,
  end: { readonly closing: Closing; readonly counted: CountedRun },
  context: WriteContext,
): Promise<RunRow> {
  const { closing, counted } = end;
  await storeTotals(tx, run.id, {
    ...counted,
    filesExamined: closing.filesExamined,
    expectedResults: closing.expectedResults,
  });
  await writeSteps(tx, run.id, lastSteps(end), context);
  return endRun(tx, run.id, { reason: closing.error }, context);
}

function lastSteps({ closing, counted }: { closing: Closing; counted: CountedRun }): StepWrite[] {
  const isDead = closing.error !== null && counted.filesArchived === 0;
  const { filesArchived, filesSkipped, filesFailed, bytesArchived } = counted;
  return [
    { step: 'compare', kind: 'work', status: 'complete' },
    {
      step: 'upload',
      kind: 'work',
      status: closing.error === null ? 'complete' : 'failed',
      error: closing.error,
      recordsIn: counted.finished,
      recordsOut: filesArchived,
      result: { filesArchived, filesSkipped, filesFailed, bytesArchived },
    },
    {
      step: 'complete',
      kind: 'work',
      status: isDead ? 'failed' : 'complete',
      error: isDead ? closing.error : null,
      recordsIn: closing.expectedResults,
      recordsOut: counted.finished,
    },
  ];
}
