import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { compressFile, isCompressible } from './compressFile.ts';

/** Builds the dashboard and puts a Brotli and a gzip form beside each text file, so that serving never compresses. */
export async function packDashboard({ from, to }: { from: string; to: string }): Promise<void> {
  await build({ root: from, logLevel: 'warn', build: { outDir: to, emptyOutDir: true } });
  const entries = await readdir(to, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isCompressible(entry.name));
  await Promise.all(files.map((entry) => compressFile(join(entry.parentPath, entry.name))));
}
