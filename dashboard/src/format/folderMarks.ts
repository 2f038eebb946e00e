import type { FolderView } from '../../../shared/contract/seals.ts';
import type { Mark } from './marks.ts';

export const folderMarks: Record<FolderView['state'], Mark> = {
  sealed: { shape: 'good', word: 'Sealed' },
  open: { shape: 'idle', word: 'Open' },
};

/** A folder's name; the source itself has none. */
export function folderName(folder: string): string {
  return folder === '' ? '(the source itself)' : folder;
}
