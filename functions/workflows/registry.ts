import type { Workflow } from './durable/workflow.ts';
import type { Settings } from '../platform/settings.ts';

/** Every durable workflow of the platform, as `functions/app.ts` has put them together. */
export type Workflows = readonly Workflow[];

export function findWorkflow(workflows: Workflows, name: string): Workflow | undefined {
  return workflows.find((workflow) => workflow.name === name);
}

/** Environment names of the settings that a workflow lacks; empty: it can run. */
export function missingSettings({ needs }: Workflow, settings: Settings): readonly string[] {
  return needs.filter((name) => settings[name] === undefined);
}
