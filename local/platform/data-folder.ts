import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../../agent/state/makeFolder.ts';

/** Where everything of one local platform lies. */
export interface DataFolder {
  readonly root: string;
  at(...parts: string[]): string;
  release(): void;
}

const LOCK_NAME = 'platform.lock';

/**
 * Opens the folder for this process alone. A lock left by a process that is gone (kill −9, power) is taken over; one
 * whose process is alive is waited for up to `waitMs`, as it may be stopping. Throws with that process's id after.
 */
export async function openDataFolder(root: string, waitMs = 15_000): Promise<DataFolder> {
  makeFolder(root, 0o755);
  const lock = path.join(root, LOCK_NAME);
  const giveUpAt = Date.now() + waitMs;
  for (;;) {
    const holder = takeLock(lock);
    if (holder === undefined) break;
    if (Date.now() >= giveUpAt) {
      throw new Error(`${root} is in use by process ${String(holder)}; wanted: one platform a data folder`);
    }
    await sleep(200);
  }
  return {
    root,
    at: (...parts) => path.join(root, ...parts),
    release: () => {
      rmSync(lock, { force: true });
    },
  };
}

/** Writes our id into the lock, or tells whose it is. */
function takeLock(lock: string): number | undefined {
  const mine = `${String(process.pid)} ${startOf(process.pid) ?? ''}`;
  try {
    writeFileSync(lock, mine, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = readLock(lock);
  if (holder !== undefined && isAlive(holder)) return holder.pid;
  rmSync(lock, { force: true });
  return takeLock(lock);
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

function readLock(lock: string): Holder | undefined {
  try {
    const [pid, start] = readFileSync(lock, 'utf8').split(' ');
    return { pid: Number(pid), start: start ?? '' };
  } catch {
    return undefined; // gone or unreadable: the next write decides
  }
}

/** Process ids are used again: the start time tells whether it is still the same process, where the system shows it. */
function isAlive(holder: Holder): boolean {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0 || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch {
    return false;
  }
  const start = startOf(holder.pid);
  return start === undefined || holder.start === '' || start === holder.start;
}

/** The process's start in clock ticks since boot (Linux `/proc/<pid>/stat`, field 22); undefined elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
