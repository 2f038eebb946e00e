import type { Credential } from '../../../shared/contract/agents.ts';

/** One entry of a share as a listing shows it; listings never carry metadata. */
export interface ShareEntry {
  readonly kind: 'file' | 'directory';
  readonly name: string;
  /** Below the share, `/` between components. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Azure's attribute text, `ReadOnly | Archive`. */
  readonly attributes: string;
  readonly lastWriteAt: Date | undefined;
  readonly lastModifiedAt: Date | undefined;
  readonly etag: string | undefined;
}

export interface SharePage {
  readonly entries: readonly ShareEntry[];
  readonly nextMarker: string | undefined;
}

export interface ShareFileFacts {
  readonly sizeBytes: number;
  readonly attributes: string;
  readonly lastWriteAt: Date | undefined;
  readonly lastModifiedAt: Date;
  readonly etag: string;
  /** Metadata; keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ShareUsage {
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

export interface ShareSnapshot {
  readonly shareName: string;
  /** Azure's name of it: when it was taken, to seven digits. */
  readonly snapshot: string;
  readonly takenAt: Date;
  /** Taken by `takeSnapshot`, and not by a person or a backup vault. */
  readonly isOurs: boolean;
}

/** What the control plane does with Azure Files. Errors are `ShareError`s, classified once. */
export interface Shares {
  /** Creates the share when absent, with its stored access policy for agents. */
  ensureShare(shareName: string): Promise<void>;
  /** A SAS for agents (read, create, write, list) under the stored access policy, good for `settings.sasHours`. */
  issueCredential(shareName: string, now: Date): Promise<Credential>;
  /** When the key that credentials are signed with was exchanged, as far as that is known by now. */
  keyExchangedAt(): Date | undefined;
  /** Replaces the stored access policy, which ends every SAS issued under it at once. */
  revokeCredentials(shareName: string): Promise<void>;
  /** One page (up to 5,000 entries) of one directory; a missing directory is an empty page. */
  listPage(shareName: string, directory: string, marker: string | undefined): Promise<SharePage>;
  /** Facts of one file, or undefined when it is not there. */
  fileFacts(shareName: string, path: string): Promise<ShareFileFacts | undefined>;
  /** SHA-256 (hex) over the file's bytes as they are on the share, or undefined when it is not there. */
  fileSha256(shareName: string, path: string): Promise<string | undefined>;
  /** How full a share is; Azure counts by the hour. */
  usage(shareName: string): Promise<ShareUsage>;
  /** Every snapshot of every share, oldest first. */
  listSnapshots(): Promise<ShareSnapshot[]>;
  takeSnapshot(shareName: string): Promise<void>;
  /** Deletes one snapshot; one that is gone is no error. The share itself is never touched. */
  deleteSnapshot(snapshot: ShareSnapshot): Promise<void>;
  /** Rejects when the storage account does not answer. */
  ping(): Promise<void>;
}

/** A failure of the share, with what to do about it. */
export class ShareError extends Error {
  override readonly name = 'ShareError';
  readonly kind: 'not_found' | 'auth' | 'throttled' | 'unreachable' | 'full' | 'permanent';
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ShareError['kind'],
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
