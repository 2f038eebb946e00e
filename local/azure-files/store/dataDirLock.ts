import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno } from './disk.ts';
import { OWN_PREFIX } from './names.ts';

/** A take-over lasts milliseconds; one older than this was killed in the middle. */
const TAKEOVER_STALE_MS = 10_000;

/** Which process holds a data folder. The start time tells it from a later one with the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * Takes a data folder for this process, so that no second server writes to it. A lock whose process was killed
 * is recognised and taken over.
 * @returns what gives the folder back
 * @throws Error naming the process that holds the folder
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, `${OWN_PREFIX}.lock`);
  const me: Holder = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? '' };
  withTakeover(`${path}.takeover`, () => {
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `opening data folder ${dataDir}: process ${holder.pid} serves it already; wanted: a folder of its own for each server`,
      );
    }
    writeFileSync(path, JSON.stringify(me));
  });
  return () => rmSync(path, { force: true });
}

/** Two servers that start at once must not both find the old lock stale: a folder can be made by one only. */
function withTakeover(path: string, work: () => void): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    if (Date.now() - statSync(path).mtimeMs < TAKEOVER_STALE_MS) {
      throw new Error(`locking ${path}: another server is starting on this folder`, { cause: error });
    }
  }
  try {
    work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    // Not there, or torn by a crash: held by nobody who is alive.
    if (isErrno(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return false;
    if (!isErrno(error, 'EPERM')) throw error;
  }
  const startedAt = startTimeOf(holder.pid);
  return startedAt === undefined || holder.startedAt === '' || startedAt === holder.startedAt;
}

/** When a process started: boot and clock ticks since. Undefined where the system does not tell (no /proc). */
function startTimeOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted from behind it. Field 22 is the start time.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot}:${ticks ?? ''}`;
  } catch {
    return undefined;
  }
}
