import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 20 * 1024 * 1024;

/** Lines of one part of the platform, appended to `<dir>/<name>.log`; at 20 MiB it becomes `.log.1` and a new one begins. */
export function openLogFile(dir: string, name: string): { write(line: string): void; close(): void } {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `${name}.log`);
  let handle = openSync(file, 'a', 0o600);
  let size = fstatSync(handle).size;
  return {
    write: (line) => {
      if (size > MAX_BYTES) {
        closeSync(handle);
        if (existsSync(file)) renameSync(file, `${file}.1`);
        handle = openSync(file, 'a', 0o600);
        size = 0;
      }
      size += writeSync(handle, `${line}\n`);
    },
    close: () => {
      closeSync(handle);
    },
  };
}
