import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Opens a file, hands its descriptor to the work and closes it whatever happens. */
export function withDescriptor<T>(path: string, flags: string, work: (descriptor: number) => T): T {
  const descriptor = openSync(path, flags);
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until a file, or the names in a folder, are on the disk. Folders cannot be synced on Windows. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (isErrno(error, 'EISDIR', 'EPERM', 'ENOENT')) return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file so that a crash leaves the old content or the new, never a part. */
export function replaceFile(path: string, content: string, synced: boolean): void {
  const next = `${path}.next`;
  writeFileSync(next, content);
  if (synced) withDescriptor(next, 'r+', fsyncSync);
  renameSync(next, path);
}

/** Whether an error of the file system has one of these codes. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
