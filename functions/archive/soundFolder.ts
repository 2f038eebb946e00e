import type { ManifestFile } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';

/**
 * Whether all files surely lie directly in the folder, and each is there once. Agents list a folder mostly in the order of its
 * names: then a look at the file before says so, and nothing is collected. At false each file has to be looked at.
 */
export function isSurelySound(folder: string, files: readonly ManifestFile[]): boolean {
  const start = folder === '' ? '' : `${folder}/`;
  let before = '';
  for (const { path } of files) {
    if (!path.startsWith(start) || path.includes('/', start.length)) return false;
    const name = foldPath(path.slice(start.length));
    if (name <= before) return false;
    before = name;
  }
  return true;
}
