import type { Json, NullableJson } from './json.ts';

/** What ran, how far it came and what happened to each file. Rows are described, with their reasons, in migrations/postgres/001_base.sql. */

export interface SyncRunsTable {
  id: string;
  organization_id: string;
  sync_type: string;
  job_id: string | null;
  runner_id: string | null;
  correlation_id: string;
  live_key: string;
  status: 'running' | 'paused' | 'complete' | 'partial' | 'failed' | 'stale' | 'terminated';
  status_reason: string | null;
  trigger_kind: 'cron' | 'manual' | 'agent';
  triggered_by: string | null;
  generation: number | null;
  payload_json: Json;
  result_json: NullableJson;
  files_examined: number;
  files_needed: number;
  files_archived: number;
  files_skipped: number;
  files_failed: number;
  bytes_archived: number;
  expected_results: number | null;
  slice: number;
  lease_token: string | null;
  lease_until: Date | null;
  next_slice_at: Date | null;
  slice_attempts: number;
  started_at: Date;
  ended_at: Date | null;
  last_activity_at: Date;
  version: number;
  created_at: Date;
  updated_at: Date;
  code_version: string | null;
  pointer: string | null;
  error_tag: string | null;
  records_in: number | null;
  records_out: number | null;
  doubt: string | null;
  progress_at: Date | null;
}

export interface SyncStepsTable {
  run_id: string;
  sync_type: string;
  step: string;
  kind: 'init' | 'work' | 'baseline' | 'failure';
  seq: number | null;
  status: 'pending' | 'running' | 'complete' | 'failed' | 'timed_out' | 'error' | 'not_implemented';
  triggered_by: string | null;
  attempts: number;
  records_in: number | null;
  records_out: number | null;
  error: string | null;
  cursor_json: NullableJson;
  result_json: NullableJson;
  started_at: Date | null;
  completed_at: Date | null;
  last_activity_at: Date;
  position: number | null;
  code_version: string | null;
}

export interface SyncRunFilesTable {
  run_id: string;
  path_key: Buffer;
  path: string;
  outcome: string;
  state: 'waiting' | 'uploading' | 'archived' | 'skipped' | 'failed';
  size_bytes: number | null;
  source_mtime_ms: number | null;
  archived_path: string | null;
  checksum: string | null;
  bytes_sent: number;
  attempts: number;
  error: string | null;
  updated_at: Date;
}

export interface StateChangesTable {
  id: string;
  organization_id: string;
  subject_type: string;
  subject_id: string;
  old_state: string | null;
  new_state: string;
  reason: string;
  created_at: Date;
}

export interface WorkflowSchedulesTable {
  organization_id: string;
  name: string;
  schedule: string;
  next_due_at: Date;
  updated_at: Date;
}
