import { foldPath, pathKey } from '../../../shared/domain/paths.ts';
import type { SliceContext } from '../../workflows/index.ts';
import type { Folder } from '../store/folders.ts';
import { type Difference, difference, listedFile, type ListedFile } from './difference.ts';
import type { ReconcilePayload, ReconcileTotals } from './state.ts';
import { indexedInFolder } from './store.ts';

/** What one directory of the share holds, and how it differs from the index. */
export interface VisitedDirectory extends Folder {
  readonly subdirectories: readonly string[];
  readonly difference: Difference;
  readonly totals: Partial<ReconcileTotals>;
}

/**
 * Compares one directory, below the job's share path, with the index: reads the rows, then lists to the end. The lease
 * is kept while a huge directory pages on.
 */
export async function visitDirectory(
  context: SliceContext,
  payload: ReconcilePayload,
  { folder, folderKey }: Folder,
): Promise<VisitedDirectory> {
  const indexed = await indexedInFolder(context.services.database.db, payload.jobId, folderKey);
  const listing = await listWhole(context, payload, folder);
  const found = difference(listing.files, indexed);
  return {
    folder,
    folderKey,
    subdirectories: listing.subdirectories,
    difference: found,
    totals: {
      transactions: listing.transactions,
      filesListed: listing.filesListed,
      whole: listing.files.length,
      notWhole: listing.filesListed - listing.files.length,
      added: found.added.length,
      replaced: found.replaced.length,
      refreshed: found.refreshed.length,
      unchanged: found.unchanged,
      missing: found.missing.length,
    },
  };
}

export function folderAt(folder: string): Folder {
  return { folder, folderKey: pathKey(folder) };
}

interface Listing {
  readonly files: ListedFile[];
  readonly subdirectories: string[];
  filesListed: number;
  transactions: number;
}

async function listWhole(
  context: SliceContext,
  payload: ReconcilePayload,
  directory: string,
): Promise<Listing> {
  const { shares } = context.services;
  const listing: Listing = { files: [], subdirectories: [], filesListed: 0, transactions: 0 };
  const onShare = joinPath(payload.sharePath, directory);
  let marker: string | undefined;
  do {
    await context.extendLease();
    const page = await shares.listPage(payload.shareName, onShare, marker);
    listing.transactions += 1;
    for (const entry of page.entries) {
      const path = joinPath(directory, entry.name);
      if (entry.kind === 'directory') {
        if (!isAnotherJobs(payload, path)) listing.subdirectories.push(path);
        continue;
      }
      listing.filesListed += 1;
      const file = listedFile(entry, path);
      if (file !== undefined) listing.files.push(file);
    }
    marker = page.nextMarker;
  } while (marker !== undefined);
  return listing;
}

function isAnotherJobs(payload: ReconcilePayload, directory: string): boolean {
  return payload.otherPlaces.includes(foldPath(joinPath(payload.sharePath, directory)));
}

export function joinPath(base: string, rest: string): string {
  if (base === '') return rest;
  return rest === '' ? base : `${base}/${rest}`;
}
