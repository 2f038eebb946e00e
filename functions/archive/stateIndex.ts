import { folderOf } from '../../shared/domain/paths.ts';
import { type Db, withLock } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { type Folder, raiseGenerations } from './store/folders.ts';
import { type ArchivedFile, replacedRows, writeIndex } from './store/stateIndex.ts';

/**
 * Runs `fn` while it alone changes the state index of a job: what it reads there stays so until it commits. Whoever
 * replaces or removes rows of the index takes this lock, in the transaction that does it.
 */
export async function withIndexLock<T>(db: Db, jobId: string, fn: (tx: Db) => Promise<T>): Promise<T> {
  return withLock(db, `state index of ${jobId}`, fn);
}

/**
 * Takes archived files into the state index, in the caller's transaction. Rows that the share changed later stay. Where a
 * row is replaced by something else, the digests of its folder end. Repeating it changes nothing.
 */
export async function takeArchived(
  tx: Db,
  sync: { readonly jobId: string; readonly runId: string },
  files: readonly ArchivedFile[],
  context: WriteContext,
): Promise<void> {
  if (files.length === 0) return;
  await withIndexLock(tx, sync.jobId, async () => {
    const replaced = await replacedPlaces(tx, sync.jobId, files);
    await writeIndex(tx, sync.jobId, sync.runId, files, context.at);
    if (replaced.length > 0) await raiseGenerations(tx, sync.jobId, replaced, context.at);
  });
}

/** Folders that lose a row, each once. */
async function replacedPlaces(tx: Db, jobId: string, files: readonly ArchivedFile[]): Promise<Folder[]> {
  const folders = new Map<string, Folder>();
  for (const { folder_key, source_path } of await replacedRows(tx, jobId, files)) {
    folders.set(folder_key.toString('hex'), { folderKey: folder_key, folder: folderOf(source_path) });
  }
  return [...folders.values()];
}
