import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A day's file of the agent's own log. */
export interface LogFile {
  /** `2026-11-22`, UTC. */
  readonly day: string;
  readonly path: string;
  readonly sizeBytes: number;
}

export function logFileName(day: string): string {
  return `agent-${day}.log`;
}

/** The log files of a folder, oldest day first; none when it cannot be read. */
export function logFilesIn(folder: string): LogFile[] {
  const files: LogFile[] = [];
  for (const name of namesIn(folder)) {
    const day = /^agent-(\d{4}-\d{2}-\d{2})\.log$/.exec(name)?.[1];
    const path = join(folder, name);
    const stat = day === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    if (day !== undefined && stat?.isFile() === true) files.push({ day, path, sizeBytes: stat.size });
  }
  return files.sort((a, b) => (a.day < b.day ? -1 : 1));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there yet, or not readable now: then there is nothing to purge or to send.
    return [];
  }
}

/** Removes files of days before `keepFrom`, then the oldest until the rest has at most `maxBytes`; never today's. */
export function purgeLogFiles(
  folder: string,
  limits: { readonly today: string; readonly keepFrom: string; readonly maxBytes: number },
): void {
  const files = logFilesIn(folder).filter(({ day }) => day !== limits.today);
  let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { day, path, sizeBytes } of files) {
    if (day >= limits.keepFrom && total <= limits.maxBytes) continue;
    if (isRemoved(path)) total -= sizeBytes;
  }
}

function isRemoved(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    // Windows does not remove what somebody reads: that must cost no line, and tomorrow is another day.
    return false;
  }
}
