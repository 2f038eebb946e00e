import type { Db } from '../../platform/database/index.ts';
import { recordStateChange, type WriteContext } from '../../platform/runs/index.ts';
import type { Folder } from '../store/folders.ts';
import { deleteSeals, organizationOfJob } from './store.ts';

/** What `state_changes` holds of a subject at most. */
const MAX_SUBJECT_LENGTH = 200;

/** How a folder is named in the history of states: readable where that fits, else by its key. */
export function folderSubject(jobId: string, { folder, folderKey }: Folder): string {
  const readable = `${jobId}/${folder}`;
  if (readable.length <= MAX_SUBJECT_LENGTH) return readable;
  return `${jobId}#${folderKey.toString('hex')}`.slice(0, MAX_SUBJECT_LENGTH);
}

/**
 * Unseals those of the folders that are sealed, each with its event; in the caller's transaction, which holds the lock of
 * the index. Gives the folders that were sealed: none the second time.
 */
export async function breakSeals(
  tx: Db,
  jobId: string,
  folders: readonly Folder[],
  reason: string | ((folder: Folder) => string),
  context: WriteContext,
): Promise<Folder[]> {
  const broken = await deleteSeals(tx, jobId, folders);
  if (broken.length === 0) return [];
  const organizationId = await organizationOfJob(tx, jobId);
  for (const folder of broken) {
    const change = {
      organizationId,
      subjectType: 'folder',
      subjectId: folderSubject(jobId, folder),
      oldState: 'sealed',
      newState: 'open',
      reason: `/${folder.folder}: ${typeof reason === 'string' ? reason : reason(folder)}`,
    } as const;
    await recordStateChange(tx, change, context);
  }
  return broken;
}
