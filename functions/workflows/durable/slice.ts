import type { Logger } from '../../platform/logging.ts';
import type { StepWrite } from '../../platform/runs/index.ts';
import type { SliceContext, SliceWrite } from '../slice.ts';
import type { Endings } from './ending.ts';
import type { Memory, Visit } from './memory.ts';

/** What the activities of one slice share. */
export interface DurableSlice {
  readonly context: SliceContext;
  readonly memory: Memory;
  readonly endings: Endings;
  readonly log: Logger;
  /** Tries since something was last stored. */
  attempts: number;
  /** Something was done in this slice: a phase that comes now waits for the next one. */
  hasWorked: boolean;
  /** Somebody paused the run: what is under way is stored, and nothing new begins. */
  isPaused: boolean;
}

/** Comes to an activity: ends the slice instead when the code changed under the run. */
export function visit({ memory, endings }: DurableSlice, name: string): Visit {
  endings.check();
  try {
    return memory.visit(name);
  } catch (error) {
    return endings.end({ error });
  }
}

/** Ends the slice before an activity that is to begin in the next one. */
export function handOverAt(slice: DurableSlice, visited: Visit, isPhase: boolean): void {
  const { context, endings } = slice;
  const isOver = slice.isPaused || context.services.now() >= context.deadline;
  if (isOver || (isPhase && slice.hasWorked)) {
    endings.end({ outcome: { kind: 'continue', steps: [], pointer: visited.name } });
  }
}

/** Stores what an activity did. From then on the count of attempts begins anew. */
export async function commit(slice: DurableSlice, write: readonly StepWrite[] | SliceWrite): Promise<void> {
  const status = await slice.context.commit(write);
  slice.attempts = 1;
  slice.hasWorked = true;
  slice.isPaused = status === 'paused';
}

/** What every write of an activity's step says. */
export function stepOf(
  { context }: DurableSlice,
  visited: Visit,
  kind: StepWrite['kind'] = 'work',
): Pick<StepWrite, 'step' | 'kind' | 'position' | 'codeVersion' | 'triggeredBy'> {
  const { run, services } = context;
  return {
    step: visited.name,
    kind,
    position: visited.position,
    codeVersion: services.version,
    triggeredBy: run.trigger,
  };
}
