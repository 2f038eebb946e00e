import { stepsOf } from '../../platform/runs/index.ts';
import { LeaseLost, type SlicedWork, type SliceOutcome } from '../slice.ts';
import { runActivity } from './activity.ts';
import { type Ending, openEndings, SliceEnds } from './ending.ts';
import { WorkflowFault } from './fault.ts';
import { openMemory } from './memory.ts';
import { runPages } from './pages.ts';
import { endOf } from './runEnd.ts';
import { openRunLog } from '../runLog.ts';
import type { DurableSlice } from './slice.ts';
import { doubtOf, success } from './success.ts';
import { runSleep, seedSteps } from './waiting.ts';
import type { Workflow, WorkflowContext } from './workflow.ts';

/** Drives a durable workflow as a run of slices. */
export function durableWork(workflow: Workflow): SlicedWork {
  return {
    syncType: workflow.name,
    onEnd: async (run, tx, context) => workflow.onEnd?.(run, tx, context),
    runSlice: async (context) => {
      const { log, flush } = openRunLog(context);
      try {
        const { services, run } = context;
        const steps = await stepsOf(services.database.db, { id: run.runId, sync_type: run.syncType });
        const memory = openMemory(steps);
        const endings = openEndings();
        const attempts = run.attempts;
        return await runOnce(workflow, {
          context,
          memory,
          endings,
          log,
          attempts,
          hasWorked: false,
          isPaused: false,
        });
      } finally {
        flush();
      }
    },
  };
}

async function runOnce(workflow: Workflow, slice: DurableSlice): Promise<SliceOutcome> {
  const going = new Set<Promise<unknown>>();
  let end: { readonly value: unknown } | { readonly error: unknown };
  try {
    const payload = workflow.payload.safeParse(slice.context.run.payload);
    if (!payload.success)
      throw new WorkflowFault(`code_changed: the payload is not what ${workflow.name} takes any more`);
    end = { value: await workflow.run(contextOf(workflow, slice, going), payload.data) };
  } catch (error) {
    end = { error };
  }
  // Activities that were begun side by side end with the slice: what they store needs its lease.
  await Promise.allSettled(going);
  return await outcomeOf(workflow, slice, end);
}

async function outcomeOf(
  workflow: Workflow,
  slice: DurableSlice,
  end: { readonly value: unknown } | { readonly error: unknown },
): Promise<SliceOutcome> {
  const { endings, memory, log } = slice;
  if (endings.reached !== undefined) return endingOf(endings.reached);
  if ('error' in end) {
    if (end.error instanceof LeaseLost || end.error instanceof SliceEnds) throw end.error;
    log.error('workflow failed outside of its activities', { error: end.error });
    return endOf(asFault(end.error), [], null);
  }
  const [forgotten] = memory.unvisited();
  if (forgotten !== undefined) {
    return endOf(
      new WorkflowFault(`code_changed: activity ${forgotten} was done, and no longer comes`),
      [],
      null,
    );
  }
  return await success(workflow, slice, end.value);
}

/** A failure of the platform itself is not the run's: the message comes again. */
function endingOf(ending: Ending): SliceOutcome {
  if ('outcome' in ending) return ending.outcome;
  if (ending.error instanceof WorkflowFault) return endOf(ending.error, [], null);
  throw ending.error;
}

/** Code between activities depends on nothing outside: what it throws once, it throws each time. */
function asFault(error: unknown): WorkflowFault {
  if (error instanceof WorkflowFault) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new WorkflowFault(`the workflow's own code failed: ${message}`, { cause: error });
}

function contextOf(workflow: Workflow, slice: DurableSlice, going: Set<Promise<unknown>>): WorkflowContext {
  const kept = <Result>(promise: Promise<Result>): Promise<Result> => {
    going.add(promise);
    // Its failure is the caller's; here it only must not count as nobody's.
    promise.catch(() => undefined).finally(() => going.delete(promise));
    return promise;
  };
  const activity = (
    ...parameters: Parameters<typeof runActivity> extends [unknown, ...infer Rest] ? Rest : never
  ) => kept(runActivity(slice, ...parameters));
  return {
    run: slice.context.run,
    services: slice.context.services,
    log: slice.log,
    activity: activity,
    pages: (name, walk, options) => kept(runPages(slice, name, walk, options)),
    sleep: (name, milliseconds) => kept(runSleep(slice, name, milliseconds)),
    doubt: () => doubtOf(workflow, slice),
    seed: (names) => kept(seedSteps(slice, names)),
  };
}
