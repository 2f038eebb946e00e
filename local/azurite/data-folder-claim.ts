import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface DataFolderClaim {
  /** Writes down which process uses the folder. */
  hold(pid: number): Promise<void>;
  release(): Promise<void>;
}

const patienceMs = 15_000;
const lookAgainMs = 100;

/**
 * Waits until no Azurite uses the folder any more. One whose parent was killed ends by itself, but writes its data
 * first; two on one folder would overwrite each other. One that has not ended after 15 s is killed where it can be
 * told that the process is Azurite (Linux); elsewhere it is taken for another process that got the same id.
 */
export async function claimDataFolder(dataDir: string): Promise<DataFolderClaim> {
  const file = join(dataDir, 'azurite.pid');
  const holder = await readHolder(file);
  if (holder !== undefined) await waitUntilGone(holder);
  return {
    hold: (pid) => writeFile(file, String(pid)),
    release: () => rm(file, { force: true }),
  };
}

async function readHolder(file: string): Promise<number | undefined> {
  const text = await readOrUndefined(file);
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function waitUntilGone(pid: number): Promise<void> {
  const givenUpAt = Date.now() + patienceMs;
  while (isAlive(pid)) {
    const program = await readOrUndefined(`/proc/${pid}/cmdline`);
    if (program !== undefined && !program.includes('azurite')) return;
    if (Date.now() > givenUpAt) {
      if (program === undefined) return;
      process.kill(pid, 'SIGKILL');
    }
    await delay(lookAgainMs);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Absent, or cut off by a kill: nothing is known, and the caller says what follows from that.
    return undefined;
  }
}
