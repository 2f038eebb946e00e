import type { Json, NullableJson } from './json.ts';

/** Instruments, what they archive, and who asked to join. Rows are described, with their reasons, in migrations/postgres/001_base.sql. */

export interface RunnerGroupsTable {
  id: string;
  organization_id: string;
  name: string;
  created_at: Date;
}

export interface RunnersTable {
  id: string;
  organization_id: string;
  group_id: string | null;
  name: string;
  host_name: string;
  platform: string;
  time_zone: string;
  status: 'active' | 'disabled';
  generation: number;
  key_hash: string | null;
  key_slot: string;
  share_name: string;
  agent_version: string | null;
  address: string | null;
  instance_nonce: string | null;
  previous_nonce: string | null;
  refused_nonce: string | null;
  instance_seen_at: Date | null;
  last_heartbeat: Date | null;
  active_jobs: number | null;
  azure_files_status: string | null;
  clock_offset_ms: number | null;
  heartbeat_json: NullableJson;
  credential_expires_at: Date | null;
  earlier_nonces_json: NullableJson;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Described in migrations/postgres/010_due_revocations.sql. */
export interface DueRevocationsTable {
  share_name: string;
  revocation_id: string;
  due_at: Date;
}

export interface EnrolmentsTable {
  id: string;
  organization_id: string;
  key_hash: string;
  pairing_code: string;
  requested_runner_id: string | null;
  replaces_runner_id: string | null;
  runner_id: string | null;
  host_name: string;
  platform: string;
  time_zone: string;
  agent_version: string;
  address: string;
  proposed_jobs_json: Json;
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded';
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  version: number;
}

export interface JobsTable {
  id: string;
  organization_id: string;
  runner_id: string;
  name: string;
  kind: 'geometry' | 'tree';
  source_path: string;
  share_name: string;
  share_path: string;
  schedule_seconds: number;
  include_json: Json;
  exclude_json: Json;
  source_cap: number | null;
  enabled: boolean;
  paused_reason: string | null;
  config_version: number;
  source_count: number | null;
  source_bytes: number | null;
  backlog_count: number | null;
  backlog_bytes: number | null;
  oldest_unsynced_ms: number | null;
  source_reported_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  purge_ahead: number | null;
  produced_last_hour: number | null;
  produced_last_day: number | null;
  produced_peak_hour: number | null;
  upload_bytes_per_second: number | null;
  upload_files_per_hour: number | null;
  counted_by_instrument: number | null;
}

export interface RunnerCommandsTable {
  id: string;
  runner_id: string;
  job_id: string | null;
  kind: string;
  payload_json: Json;
  requested_by: string;
  created_at: Date;
  delivered_at: Date | null;
  acknowledged_at: Date | null;
}

export interface ProductionPeaksTable {
  job_id: string;
  week: number;
  peak_hour: number;
  peak_day: number;
}
