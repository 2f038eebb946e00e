import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { builtinsByName } from './builtinsByName.ts';
import { builtinsDirectly } from './builtinsDirectly.ts';
import { bundle } from './bundle.ts';
import { zodByName } from './zodByName.ts';

/**
 * The agent as a few modules that need only Node 24; their folder is emptied first. What an idle cycle does not need is
 * not loaded, and a scanning thread loads next to nothing.
 */
export async function packAgent({ entry, to }: { entry: string; to: string }): Promise<void> {
  await rm(dirname(to), { recursive: true, force: true });
  await bundle({ entry, to, plugins: [builtinsByName, builtinsDirectly, zodByName] });
}
