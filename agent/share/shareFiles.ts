import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';

/** What a look at one file of the share says. */
export interface FileOnShare {
  readonly sizeBytes: number;
  readonly whole: boolean;
  /** Half-written by an agent: `Temporary`. A file that is neither whole nor temporary is somebody else's. */
  readonly temporary: boolean;
  /** Hash, size and time that the file carries; undefined on one that is half-written or not an agent's. */
  readonly facts: ArchivedFacts | undefined;
  /** Under which upload it was begun. */
  readonly uploadId: string | undefined;
  readonly stamp: ShareStamp;
  /** When it was created, or created anew over what was there, in ms of the share's clock. */
  readonly createdMs: number;
}

/** How the share tells versions of a file apart. */
export interface ShareStamp {
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** A piece of a file with its MD5. */
export interface Range {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly md5: Buffer;
}

/**
 * The archive's side of the share. Paths are below the share, `/` between components. Each call is one attempt of
 * one request, or a few, and rejects with `ShareFault`; repeating and credentials are `withRetry`'s business.
 */
export interface ShareFiles {
  /** Undefined when nothing has that name. */
  look(path: string, signal: AbortSignal): Promise<FileOnShare | undefined>;
  /** Folded names of everything in a folder, or undefined when the folder is not there. */
  namesIn(folder: string, signal: AbortSignal): Promise<Set<string> | undefined>;
  /** Creates the folder and those above it; nothing happens where they exist. */
  ensureFolder(folder: string, signal: AbortSignal): Promise<void>;
  /**
   * Creates a file that is whole from its first moment: content, metadata, time and whole mark in one request.
   * Undefined when this service does not take that; then nothing that could be mistaken for whole is left behind.
   * Replaces what has the name: look first.
   */
  createWhole(
    path: string,
    content: Buffer,
    md5: Buffer,
    facts: ArchivedFacts,
    signal: AbortSignal,
  ): Promise<ShareStamp | undefined>;
  /** Creates a half-written file of its full size and says when (`createdMs`). Replaces what has the name: look first. */
  createHalf(path: string, sizeBytes: number, uploadId: string, signal: AbortSignal): Promise<number>;
  putRange(path: string, range: Range, signal: AbortSignal): Promise<void>;
  /** Where the file holds written bytes, in order: `end` is the last byte. */
  writtenRanges(
    path: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly start: number; readonly end: number }[]>;
  /** Records hash, size and time, then sets the whole mark; the last thing done to a file. */
  markWhole(path: string, facts: ArchivedFacts, signal: AbortSignal): Promise<ShareStamp>;
  /** Takes the whole mark away: the file counts as half-written. */
  unmark(path: string, signal: AbortSignal): Promise<void>;
  /** Reads at most 4 MiB; `etag` says of which version of the file. */
  readRange(
    path: string,
    range: Pick<Range, 'offset'> & { readonly sizeBytes: number },
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Buffer; readonly etag: string }>;
}
