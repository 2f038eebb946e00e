import type { Ranges } from './ranges.ts';

/** The attributes Azure Files knows, in the order it writes them. */
export const ATTRIBUTES = [
  'ReadOnly',
  'Hidden',
  'System',
  'Directory',
  'Archive',
  'Temporary',
  'Offline',
  'NotContentIndexed',
  'NoScrubData',
] as const;

/** SMB's four times, each ISO 8601 with seven decimals. */
export interface FileTimes {
  readonly created: string;
  readonly lastWritten: string;
  readonly changed: string;
}

export interface FileHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  /** Base64, as the client set it; nobody checks it against the content. */
  readonly contentMd5?: string;
}

export interface CopyState {
  readonly id: string;
  readonly source: string;
  readonly completedAt: string;
  readonly sizeBytes: number;
}

interface CommonEntry extends FileTimes {
  /** With the case it was created with. */
  readonly name: string;
  /** Its name on the disk below, where that is another. */
  readonly diskName?: string;
  readonly id: string;
  readonly etag: string;
  readonly lastModified: string;
  /** `ReadOnly|Archive`, in Azure's order; `None` for a plain file. */
  readonly attributes: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly permissionKey?: string;
}

export interface FileEntry extends CommonEntry {
  readonly kind: 'file';
  readonly sizeBytes: number;
  readonly written: Ranges;
  readonly headers?: FileHeaders;
  readonly leaseId?: string;
  readonly copy?: CopyState;
  /** A data file beside the final one that holds the newer content until it is renamed over it. */
  readonly staged?: string;
}

export interface DirectoryEntry extends CommonEntry {
  readonly kind: 'directory';
}

export type Entry = FileEntry | DirectoryEntry;

/** The name of an entry on the disk below. */
export function diskNameOf(entry: Entry): string {
  return entry.diskName ?? entry.name;
}

/** Whether the entry carries an attribute. */
export function hasAttribute(entry: Entry, attribute: (typeof ATTRIBUTES)[number]): boolean {
  return entry.attributes.split('|').includes(attribute);
}
