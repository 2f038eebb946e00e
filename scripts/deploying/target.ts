import type { Az } from './az.ts';
import type { Stack } from './stack.ts';

/** Where a package goes to run. */
export interface Target {
  /** Puts it where it can be looked at first: into the staging slot; on Flex Consumption, which has none, into production. */
  deploy(path: string): Promise<'staging' | 'production'>;
  /** Brings what is in staging to production, and what was there to staging. Nothing to do without a slot. */
  swap(): Promise<void>;
}

export function targetOf({ resourceGroup, functionApp, stagingSlot }: Stack, az: Az): Target {
  const app = ['--resource-group', resourceGroup, '--name', functionApp];
  const slot = stagingSlot === '' ? [] : ['--slot', stagingSlot];
  return {
    deploy: async (path) => {
      await az('functionapp', 'deployment', 'source', 'config-zip', ...app, ...slot, '--src', path);
      return stagingSlot === '' ? 'production' : 'staging';
    },
    swap: async () => {
      if (stagingSlot === '') return;
      await az('functionapp', 'deployment', 'slot', 'swap', ...app, ...slot, '--target-slot', 'production');
    },
  };
}
