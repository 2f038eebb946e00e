import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from './replaceFile.ts';

/** Replaces a file so that after a crash either the old or the new content is there, whole. */
export function writeFileDurably(file: string, content: Buffer | string, mode = 0o600): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', mode);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  replaceFile(temporary, file);
  syncFolder(dirname(file));
}

/** Makes a rename or a new file durable; Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
