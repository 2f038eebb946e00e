import { folderOf } from '../../shared/domain/paths.ts';
import { type Db, withLock } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { breakSeals } from './seals/breakSeals.ts';
import { type Folder, markChanged, raiseGenerations } from './store/folders.ts';
import { type ArchivedFile, type ChangedPlace, changedPlaces, writeIndex } from './store/stateIndex.ts';

/**
 * Runs `fn` while it alone changes the state index of a job: what it reads there stays so until it commits. Whoever
 * replaces or removes rows of the index takes this lock, in the transaction that does it.
 */
export async function withIndexLock<T>(db: Db, jobId: string, fn: (tx: Db) => Promise<T>): Promise<T> {
  return withLock(db, `state index of ${jobId}`, fn);
}

/**
 * Takes archived files into the state index, in the caller's transaction. Rows that the share changed later stay. Where a
 * row is replaced by something else, the digests of its folder end; a sealed folder that gains or loses one is unsealed.
 * Repeating it changes nothing.
 */
export async function takeArchived(
  tx: Db,
  sync: { readonly jobId: string; readonly runId: string },
  files: readonly ArchivedFile[],
  context: WriteContext,
): Promise<void> {
  if (files.length === 0) return;
  await withIndexLock(tx, sync.jobId, async () => {
    const places = await changedPlaces(tx, sync.jobId, files);
    await writeIndex(tx, sync, files, context.at);
    const changes = { gained: gainingFolders(files, places), lost: losingFolders(places) };
    await noteRowChanges(tx, sync.jobId, changes, `run ${sync.runId} changed it`, context);
  });
}

/** The folders that gained or lost rows of the index. */
export interface RowChanges {
  readonly gained: readonly Folder[];
  /** Those of which a row was replaced or removed: their digests end. */
  readonly lost: readonly Folder[];
}

/** What follows from changed rows, in the transaction that changes them: digests end, seals are broken, proofs are outdated. */
export async function noteRowChanges(
  tx: Db,
  jobId: string,
  { gained, lost }: RowChanges,
  reason: string,
  context: WriteContext,
): Promise<void> {
  if (lost.length > 0) await raiseGenerations(tx, jobId, lost, context.at);
  const changed = eachOnce([...gained, ...lost]);
  if (changed.length === 0) return;
  await markChanged(tx, jobId, changed, context.at);
  await breakSeals(tx, jobId, changed, reason, context);
}

function gainingFolders(files: readonly ArchivedFile[], places: readonly ChangedPlace[]): Folder[] {
  const changed = new Set(places.map(({ pathKey }) => pathKey.toString('hex')));
  return eachOnce(files.filter(({ pathKey }) => changed.has(pathKey.toString('hex'))));
}

function losingFolders(places: readonly ChangedPlace[]): Folder[] {
  return eachOnce(
    places.flatMap(({ replaces }) =>
      replaces === undefined
        ? []
        : [{ folderKey: replaces.folderKey, folder: folderOf(replaces.sourcePath) }],
    ),
  );
}

function eachOnce(folders: readonly Folder[]): Folder[] {
  return [
    ...new Map(
      folders.map(({ folderKey, folder }) => [folderKey.toString('hex'), { folderKey, folder }]),
    ).values(),
  ];
}
