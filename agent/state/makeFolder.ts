import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, one after another. Node's own recursive call never returns where a
 * file system says of a folder that is there that it is not, as below `/proc`. Throws when one cannot be made, or when
 * something else has the name.
 */
export function makeFolder(folder: string, mode: number): void {
  const missing: string[] = [];
  let above = resolve(folder);
  while (!existsSync(above) && dirname(above) !== above) {
    missing.push(above);
    above = dirname(above);
  }
  for (const each of missing.reverse()) makeOne(each, mode, folder);
  if (!statSync(resolve(folder)).isDirectory())
    throw new Error(`making the folder ${folder}: a file has its name`);
}

function makeOne(folder: string, mode: number, wanted: string): void {
  try {
    mkdirSync(folder, { mode });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`making the folder ${wanted}: ${why}; wanted: a place that takes files`, { cause });
  }
}
