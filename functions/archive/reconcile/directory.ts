import { pathKey } from '../../../shared/domain/paths.ts';
import type { SliceContext } from '../../workflows/index.ts';
import { type Difference, difference, listedFile, type ListedFile } from './difference.ts';
import type { ReconcilePayload, ReconcileTotals } from './state.ts';
import { indexedInFolder } from './store.ts';

/** Clocks of two hosts may differ by this much without a fresh row looking old. */
export const CLOCK_MARGIN_MS = 5 * 60_000;

/** What one directory of the share holds, and how it differs from the index. */
export interface VisitedDirectory {
  readonly directory: string;
  readonly folderKey: Buffer;
  /** Rows written after this are not held against the listing; the clock margin is taken off already. */
  readonly listedAt: Date;
  readonly subdirectories: readonly string[];
  readonly difference: Difference;
  readonly totals: Partial<ReconcileTotals>;
}

/** Lists one directory to its end and compares it. The lease is kept while a huge directory pages on. */
export async function visitDirectory(
  context: SliceContext,
  payload: ReconcilePayload,
  directory: string,
): Promise<VisitedDirectory> {
  const listedAt = new Date(context.services.now().getTime() - CLOCK_MARGIN_MS);
  const listing = await listWhole(context, payload, directory);
  const folderKey = pathKey(directory);
  const indexed = await indexedInFolder(context.services.database.db, payload.jobId, folderKey);
  const found = difference(listing.files, indexed, listedAt);
  return {
    directory,
    folderKey,
    listedAt,
    subdirectories: listing.subdirectories,
    difference: found,
    totals: {
      directories: 1,
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
    const page = await shares.listPage(payload.shareName, onShare, marker);
    listing.transactions += 1;
    for (const entry of page.entries) {
      const path = joinPath(directory, entry.name);
      if (entry.kind === 'directory') {
        listing.subdirectories.push(path);
        continue;
      }
      listing.filesListed += 1;
      const file = listedFile(entry, path);
      if (file !== undefined) listing.files.push(file);
    }
    marker = page.nextMarker;
    if (marker !== undefined) await context.extendLease();
  } while (marker !== undefined);
  return listing;
}

export function joinPath(base: string, rest: string): string {
  if (base === '') return rest;
  return rest === '' ? base : `${base}/${rest}`;
}
