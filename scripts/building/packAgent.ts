import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundle } from './bundle.ts';

/** The agent as one file that needs only Node 24; its folder is emptied first. */
export async function packAgent({ entry, to }: { entry: string; to: string }): Promise<void> {
  await rm(dirname(to), { recursive: true, force: true });
  await bundle({ entry, to, split: false });
}
