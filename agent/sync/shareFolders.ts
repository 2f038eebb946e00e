import { foldPath } from '../../shared/domain/paths.ts';
import { folderOf, nameOf } from '../../shared/domain/relativePath.ts';
import type { Share } from '../share/openShare.ts';
import type { FileOnShare } from '../share/shareFiles.ts';

/** From so many files in one folder on, one listing is cheaper than a look at each. */
const LISTING_PAYS_FROM = 8;
/** A listing is believed for this long; the agent is the only writer below its job's path. */
const LISTING_GOOD_MS = 5 * 60_000;

/** What one cycle knows of the share's folders, so that it looks before every create without asking for each file. */
export interface ShareFolders {
  look(path: string, signal: AbortSignal): Promise<FileOnShare | undefined>;
  /** Folded names of everything in a folder, or undefined when it is not there. */
  namesIn(folder: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
  ensureFolderOf(path: string, signal: AbortSignal): Promise<void>;
  /** Something was found otherwise than believed: the folder is asked again. */
  forget(path: string): void;
}

interface Listing {
  readonly names: Promise<Set<string> | undefined>;
  readonly takenAtMs: number;
}

export function knowShareFolders(options: {
  readonly share: Share;
  /** How many files the cycle will look for in a folder of the share. */
  readonly expectedIn: (folder: string) => number;
  readonly monotonicMs: () => number;
}): ShareFolders {
  const { share, monotonicMs } = options;
  const listings = new Map<string, Listing>();
  const ensured = new Map<string, Promise<void>>();

  const listingOf = (folder: string, signal: AbortSignal): Listing => {
    const known = listings.get(folder);
    if (known !== undefined && monotonicMs() - known.takenAtMs < LISTING_GOOD_MS) return known;
    const taken = {
      names: share.attempt(signal, (files) => files.namesIn(folder, signal)),
      takenAtMs: monotonicMs(),
    };
    listings.set(folder, taken);
    taken.names.catch(() => listings.delete(folder));
    return taken;
  };
  return {
    look: async (path, signal) => {
      const folder = folderOf(path);
      if (options.expectedIn(folder) >= LISTING_PAYS_FROM) {
        const names = await listingOf(folder, signal).names;
        if (names?.has(foldPath(nameOf(path))) !== true) return undefined;
      }
      return share.attempt(signal, (files) => files.look(path, signal));
    },
    namesIn: (folder, signal) => listingOf(folder, signal).names,
    ensureFolderOf: (path, signal) => {
      const folder = folderOf(path);
      const known = ensured.get(folder);
      if (known !== undefined) return known;
      const made = share.attempt(signal, (files) => files.ensureFolder(folder, signal));
      ensured.set(folder, made);
      made.catch(() => ensured.delete(folder));
      return made;
    },
    forget: (path) => {
      listings.delete(folderOf(path));
      ensured.delete(folderOf(path));
    },
  };
}
