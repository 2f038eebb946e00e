import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';

/** Ids of the platform's processes by name, kept in `run/processes.json` for people and fault tests while it runs. */
export interface ProcessList {
  note(name: string, pid: number): void;
  /** After a clean stop there is nothing that a later start would have to wait for. */
  clear(): void;
}

/** The parts of a platform that was killed end by themselves in this time. */
const LEFT_PARTS_END_MS = 12_000;

/**
 * Begins a new list. Waits for parts that a killed platform left on this folder: they hold ports and locks for some
 * seconds yet.
 */
export async function openProcessList(data: DataFolder): Promise<ProcessList> {
  const file = data.at('run', 'processes.json');
  const giveUpAt = Date.now() + LEFT_PARTS_END_MS;
  const left = readList(file);
  while (left.some(isAlive) && Date.now() < giveUpAt) await sleep(100);
  mkdirSync(data.at('run'), { recursive: true });
  const pids: Record<string, number> = { platform: process.pid };
  return {
    note: (name, pid) => {
      pids[name] = pid;
      // Whoever reads meanwhile has the old list or the new one, never a part of it.
      writeFileSync(`${file}.new`, `${JSON.stringify(pids, null, 2)}\n`);
      renameSync(`${file}.new`, file);
    },
    clear: () => {
      rmSync(file, { force: true });
    },
  };
}

function readList(file: string): number[] {
  try {
    return Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>);
  } catch {
    return []; // none, or spoilt: then nothing is waited for
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
