import type { StepRow } from '../../platform/runs/index.ts';
import { WorkflowFault } from './fault.ts';

/** An activity as `run` comes to it. */
export interface Visit {
  readonly name: string;
  readonly position: number;
  /** As an earlier slice left it; undefined: new. */
  readonly stored: StepRow | undefined;
}

/**
 * What a run has done so far. Activities are remembered by name, and their places must not move: code that changed
 * under a run in flight is found here, instead of being misread (SPEC B49).
 */
export interface Memory {
  /** Throws `WorkflowFault` for a name that was visited before, or for code that changed. */
  visit(name: string): Visit;
  /** Stored activities that `run` has not come to; after its end they show that the code changed. */
  unvisited(): readonly string[];
  steps(): readonly StepRow[];
}

export function openMemory(steps: readonly StepRow[]): Memory {
  const byName = new Map(steps.map((step) => [step.step, step]));
  const placed = new Map(
    steps.flatMap((step) => (step.position === null ? [] : [[step.position, step.step]])),
  );
  const visited = new Set<string>();
  return {
    visit: (name) => {
      if (visited.has(name)) throw new WorkflowFault(`two activities are named ${name}; wanted a name each`);
      const position = visited.size;
      const stored = byName.get(name);
      const there = placed.get(position);
      if (there !== undefined && there !== name)
        throw changed(`${there} was there, and now comes ${name}`, position);
      const before = stored?.position ?? position;
      if (before !== position)
        throw changed(`now comes ${name}, which was number ${String(before + 1)}`, position);
      visited.add(name);
      return { name, position, stored };
    },
    unvisited: () => [...placed.values()].filter((name) => !visited.has(name)),
    steps: () => steps,
  };
}

function changed(difference: string, position: number): WorkflowFault {
  return new WorkflowFault(`code_changed: at activity ${String(position + 1)} ${difference}`);
}
