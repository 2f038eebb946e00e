import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface StaticFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * The file below `root` that a URL's path names, or undefined. Never one outside of it, none whose name begins with a
 * dot, and no compressed twin by its own name.
 */
export async function findStaticFile(root: string, urlPath: string): Promise<StaticFile | undefined> {
  const parts = urlPath.split('/').filter((part) => part !== '');
  const isUnsafe = parts.some((part) => part.startsWith('.') || /[\\:\0]/.test(part));
  if (isUnsafe || /\.(?:br|gz|map)$/.test(urlPath)) return undefined;
  const path = join(root, ...parts);
  return path.startsWith(root.endsWith(sep) ? root : root + sep) ? describeFile(path) : undefined;
}

export async function describeFile(path: string): Promise<StaticFile | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? { path, sizeBytes: stats.size, modifiedMs: stats.mtimeMs } : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}
