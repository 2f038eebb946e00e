import { renameSync } from 'node:fs';

/** So Windows refuses while another program, a virus scanner or a backup, holds one of the files: it soon lets go. */
const HELD = new Set(['EPERM', 'EBUSY', 'EACCES']);
/** Two seconds altogether: the whole process waits. */
const PAUSES_MS = [10, 20, 40, 80, 150, 300, 600, 800];

interface FileSystem {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => void;
  readonly wait: (milliseconds: number) => void;
}

const thisSystem: FileSystem = { platform: process.platform, rename: renameSync, wait };

/** Renames a file over another one, also when that is held for a moment. */
export function replaceFile(from: string, to: string, system = thisSystem): void {
  for (const pauseMs of system.platform === 'win32' ? PAUSES_MS : []) {
    try {
      system.rename(from, to);
      return;
    } catch (error) {
      if (!HELD.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      system.wait(pauseMs);
    }
  }
  system.rename(from, to);
}

function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
