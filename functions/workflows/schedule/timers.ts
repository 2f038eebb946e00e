import type { TimerHandler } from '../../platform/timers/timer.ts';
import type { Workflows } from '../registry.ts';
import { slugOf } from '../runId.ts';
import { startScheduled } from './startScheduled.ts';

/** A timer a scheduled workflow. */
export function workflowTimers(workflows: Workflows): readonly TimerHandler[] {
  return workflows.flatMap((workflow): TimerHandler[] => {
    const { name, schedule } = workflow;
    if (schedule === undefined) return [];
    return [
      {
        // Names of functions hold no dots.
        name: `workflow-${slugOf(name).replaceAll('.', '-')}`,
        schedule,
        work: (services, { dueAt }) => startScheduled(services, workflows, workflow, dueAt),
      },
    ];
  });
}
