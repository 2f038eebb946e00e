/** The state index: what is known to be whole on the share. Rows are described, with their reasons, in migrations/postgres/001_base.sql. */

export interface SyncedFilesTable {
  job_id: string;
  path_key: Buffer;
  path: string;
  source_key: Buffer;
  source_path: string;
  folder_key: Buffer;
  size_bytes: number;
  source_mtime_ms: number;
  checksum: string | null;
  etag: string;
  share_modified_at: Date;
  run_id: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface SyncedFoldersTable {
  job_id: string;
  folder_key: Buffer;
  folder: string;
  digest: string | null;
  file_count: number;
  generation: number;
  seen_run_id: string | null;
  updated_at: Date;
  changed_at: Date | null;
  proved_at: Date | null;
}

export interface SealedFoldersTable {
  job_id: string;
  folder_key: Buffer;
  folder: string;
  file_count: number;
  run_id: string | null;
  sealed_at: Date;
  sealed_by: string;
}

/** Described, with its reasons, in migrations/postgres/007_lost_files.sql. */
export interface LostFilesTable {
  job_id: string;
  state_key: Buffer;
  path_key: Buffer;
  path: string;
  size_bytes: number | null;
  source_mtime_ms: number | null;
  run_id: string;
  lost_at: Date;
}
