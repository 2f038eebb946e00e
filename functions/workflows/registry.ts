import type { Db } from '../platform/database/index.ts';
import type { RunRow, WriteContext } from '../platform/runs/index.ts';
import type { Settings } from '../platform/settings.ts';
import type { Workflow } from './durable/workflow.ts';

/** Every durable workflow of the platform, as `functions/app.ts` has put them together. */
export type Workflows = readonly Workflow[];

export function findWorkflow(workflows: Workflows, name: string): Workflow | undefined {
  return workflows.find((workflow) => workflow.name === name);
}

/** Lets the workflow of a run that was ended from outside write that down, in the transaction that ends it. */
export async function tellItsWorkflow(
  workflows: Workflows,
  run: RunRow,
  tx: Db,
  context: WriteContext,
): Promise<void> {
  await findWorkflow(workflows, run.sync_type)?.onEnd?.(run, tx, context);
}

/** Environment names of the settings that a workflow lacks; empty: it can run. */
export function missingSettings({ needs }: Workflow, settings: Settings): readonly string[] {
  return needs.filter((name) => settings[name] === undefined);
}
