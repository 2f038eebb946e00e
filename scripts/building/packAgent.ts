import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { builtinsDirectly } from './builtinsDirectly.ts';
import { bundle } from './bundle.ts';

/**
 * The agent as a few modules that need only Node 24; their folder is emptied first. What an idle cycle does not need is
 * not loaded, and a scanning thread loads next to nothing.
 */
export async function packAgent({ entry, to }: { entry: string; to: string }): Promise<void> {
  await rm(dirname(to), { recursive: true, force: true });
  await bundle({ entry, to, plugins: [builtinsDirectly] });
}
