import { acceptsFall, sinceAcceptedFall, volumeDoubt } from '../../../shared/domain/recordVolume.ts';
import type { Db } from '../../platform/database/index.ts';
import { stepsOf, type StepRow, type StepWrite } from '../../platform/runs/index.ts';
import type { SliceOutcome } from '../slice.ts';
import { asStored, storedResult } from './outcome.ts';
import type { DurableSlice } from './slice.ts';
import type { Workflow } from './workflow.ts';

/** So many earlier runs say what is usual. */
const EARLIER_RUNS = 10;

/** The end of a run whose code came to its end: with its result, and with a doubt where it read too little (SPEC W11). */
export async function success(
  workflow: Workflow,
  slice: DurableSlice,
  value: unknown,
): Promise<SliceOutcome> {
  const doubt = await doubtOf(workflow, slice);
  if (doubt !== null) slice.log.warn('the run read too little', { doubt });
  return {
    kind: 'finished',
    steps: slice.hasWorked || slice.memory.steps().length > 0 ? [] : [idleStep],
    reason: null,
    result: asStored(value),
    doubt,
  };
}

/** A workflow that came to its end without an activity has done what there was to do. */
const idleStep: StepWrite = { step: 'run', kind: 'work', status: 'complete' };

/** Why the run read too little; null: it did not, or nobody judges it. */
export async function doubtOf({ volume: kind }: Workflow, { context }: DurableSlice): Promise<string | null> {
  if (kind === undefined) return null;
  const { run, services } = context;
  const { db } = services.database;
  const steps = await stepsOf(db, { id: run.runId, sync_type: run.syncType });
  const counts = steps.flatMap((step) => (step.kind === 'work' ? (step.records_in ?? []) : []));
  return volumeDoubt({
    read: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0),
    idleProved: steps.some(isIdle),
    earlier: kind === 'full' && !acceptsFall(run.payload) ? await earlierVolumes(db, run) : [],
    kind,
  });
}

function isIdle(step: StepRow): boolean {
  return step.status === 'complete' && storedResult(step.result_json).idle !== undefined;
}

async function earlierVolumes(
  db: Db,
  run: { readonly organizationId: string; readonly syncType: string; readonly runId: string },
): Promise<number[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select(['records_in as records', 'payload_json as payload'])
    .where('organization_id', '=', run.organizationId)
    .where('sync_type', '=', run.syncType)
    .where('status', '=', 'complete')
    .where('id', '<>', run.runId)
    .orderBy('started_at', 'desc')
    .limit(EARLIER_RUNS)
    .execute();
  return sinceAcceptedFall(rows).flatMap(({ records }) => records ?? []);
}
