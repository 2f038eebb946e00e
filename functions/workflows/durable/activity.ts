import type { StepWrite } from '../../platform/runs/index.ts';
import type { SliceWrite } from '../slice.ts';
import { attempt } from './attempt.ts';
import { failActivity } from './failure.ts';
import { announced } from './announce.ts';
import { ActivityOutcome, type ActivityParts, asStored, storedResult } from './outcome.ts';
import { commit, type DurableSlice, handOverAt, stepOf, visit } from './slice.ts';
import type { Visit } from './memory.ts';
import type { Activity, ActivityOptions } from './workflow.ts';

type Work<Result> = (activity: Activity) => Promise<Result | ActivityOutcome<Result>>;

/** `context.activity`: gives what is remembered, or does it and remembers it. */
export async function runActivity<Result>(
  slice: DurableSlice,
  name: string,
  work: Work<Result>,
  options: ActivityOptions = {},
): Promise<Result | undefined> {
  const visited = visit(slice, name);
  const status = visited.stored?.status;
  if (status === 'complete') return storedResult(visited.stored?.result_json).value as Result;
  if (status === 'failed' && options.mayFail === true) return undefined;
  handOverAt(slice, visited, options.phase ?? false);
  try {
    return await doIt(slice, visited, work, options);
  } catch (error) {
    slice.endings.check();
    await failActivity(slice, visited, error, options);
    return undefined;
  }
}

async function doIt<Result>(
  slice: DurableSlice,
  visited: Visit,
  work: Work<Result>,
  options: ActivityOptions,
): Promise<Result> {
  const { name } = visited;
  const piece = { key: name, name, limitMs: options.limitMs };
  const given = await announced(slice, visited, options.kind, () => attempt(slice, piece, work));
  const parts: ActivityParts<Result> = given instanceof ActivityOutcome ? given.parts : { result: given };
  const value = asStored(parts.result);
  const { apply, recordsIn, recordsOut, idle } = parts;
  const step: StepWrite = {
    ...stepOf(slice, visited, options.kind),
    status: 'complete',
    ...(recordsIn === undefined ? {} : { recordsIn }),
    ...(recordsOut === undefined ? {} : { recordsOut }),
    result: { value, ...(idle === undefined ? {} : { idle }) },
  };
  const withEffects: SliceWrite = async (tx, context) => {
    await apply?.(tx, context);
    return [step];
  };
  await commit(slice, apply === undefined ? [step] : withEffects);
  slice.log.info('activity done', {
    activityName: name,
    recordsIn: recordsIn ?? null,
    recordsOut: recordsOut ?? null,
  });
  return value as Result;
}
