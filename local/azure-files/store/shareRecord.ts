import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './disk.ts';
import type { DirectoryEntry } from './entry.ts';

export const MAX_SNAPSHOTS = 200;
export const MAX_ACCESS_POLICIES = 5;
const RECORD_NAME = 'share.json';

export interface AccessPolicy {
  readonly id: string;
  readonly start?: string;
  readonly expiry?: string;
  readonly permission?: string;
}

export interface SnapshotRecord {
  /** `2026-01-31T09:00:00.0000000Z`: the name by which clients ask for it. */
  readonly time: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly quotaGiB: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly root: DirectoryEntry;
}

/** A share lease. It is kept across a restart; `endsAtMs` is absent on an infinite one. */
export interface ShareLease {
  readonly id: string;
  readonly durationSeconds: number;
  readonly state: 'leased' | 'breaking' | 'broken';
  readonly endsAtMs?: number;
}

/** What is known of a share beside its files: kept in one small file, replaced as a whole. */
export interface ShareRecord {
  readonly name: string;
  readonly version: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly quotaGiB: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly accessTier: string;
  readonly accessTierChangedAt: string;
  readonly policies: readonly AccessPolicy[];
  /** Security descriptors; a permission key is the place in this list. */
  readonly permissions: readonly string[];
  readonly snapshots: readonly SnapshotRecord[];
  readonly root: DirectoryEntry;
  readonly lease?: ShareLease;
  readonly deletedAt?: string;
}

/** Reads the record of the share in a folder. */
export function readShareRecord(folder: string): ShareRecord {
  return JSON.parse(readFileSync(join(folder, RECORD_NAME), 'utf8')) as ShareRecord;
}

/** Replaces the record of the share in a folder, atomically. */
export function writeShareRecord(folder: string, record: ShareRecord, synced: boolean): void {
  replaceFile(join(folder, RECORD_NAME), `${JSON.stringify(record, undefined, 2)}\n`, synced);
}
