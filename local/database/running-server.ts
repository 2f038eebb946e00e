import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Owner {
  readonly pid: number;
  /** When that process began, as its system tells it: a reused number is another process. Empty where it cannot be told. */
  readonly began: string;
}

/** The process that a server in this folder belongs to. */
export async function thisOwner(): Promise<Owner> {
  return { pid: process.pid, began: await beganAt(process.pid) };
}

export async function isAlive(owner: Owner): Promise<boolean> {
  return isRunning(owner.pid) && (await beganAt(owner.pid)) === owner.began;
}

/** The server that serves this data folder now, by its postmaster.pid; undefined if that is left from a dead one. */
export async function runningServer(clusterDir: string): Promise<number | undefined> {
  const lines = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lines, 10);
  if (!(pid > 0) || !isRunning(pid)) return undefined;
  return (await servesFolder(pid, clusterDir)) ? pid : undefined;
}

/** Fast shutdown, then, if that takes over `patienceMs`, at once (the next start recovers from the log). */
export async function stopServer(pid: number, patienceMs = 15_000): Promise<void> {
  signal(pid, 'SIGINT');
  if (await hasEnded(pid, patienceMs)) return;
  signal(pid, 'SIGQUIT');
  if (await hasEnded(pid, 5_000)) return;
  throw new Error(
    `Cannot stop the database server ${pid}: it did not end within ${patienceMs + 5_000} ms of being asked`,
  );
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    if (!isRunning(pid)) return true;
    await delay(20);
  }
  return !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A server works in its data folder. Where the system does not tell, postmaster.pid is believed. */
async function servesFolder(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(clusterDir));
  } catch {
    return false; // ended meanwhile, or another user's: not ours
  }
}

/** Field 22 of /proc/PID/stat (proc(5)): clock ticks since boot; the name in field 2 may hold anything. */
async function beganAt(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
