-- The same tables as migrations/postgres/001_base.sql, where each table, column and index has its reason.
-- Lengths: SQL Server ends an index key at 1,700 bytes and a clustered one at 900, two bytes a character here. Ids
-- have 100 characters. Every text is of one binary collation: it tells upper from lower case and orders by code
-- point, as the other database does, and any two columns can be compared.

CREATE TABLE organizations (
  id         nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name       nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at datetimeoffset(3) NOT NULL,
  CONSTRAINT organizations_pk PRIMARY KEY (id)
);
GO

CREATE TABLE users (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  email           nvarchar(320) COLLATE Latin1_General_BIN2 NOT NULL,
  email_key       nvarchar(320) COLLATE Latin1_General_BIN2 NOT NULL,
  display_name    nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  role            nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  password_hash   nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  disabled_at     datetimeoffset(3) NULL,
  created_at      datetimeoffset(3) NOT NULL,
  updated_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT users_pk PRIMARY KEY (id),
  CONSTRAINT users_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT users_email_key_unique UNIQUE (email_key),
  CONSTRAINT users_role_check CHECK (role IN ('viewer', 'operator', 'admin'))
);
GO

CREATE TABLE sessions (
  token_hash   nvarchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  user_id      nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at   datetimeoffset(3) NOT NULL,
  expires_at   datetimeoffset(3) NOT NULL,
  last_seen_at datetimeoffset(3) NOT NULL,
  CONSTRAINT sessions_pk PRIMARY KEY (token_hash),
  CONSTRAINT sessions_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX sessions_expires ON sessions (expires_at);
GO

CREATE TABLE api_tokens (
  id           nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  user_id      nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name         nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  token_hash   nvarchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  role         nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at   datetimeoffset(3) NOT NULL,
  expires_at   datetimeoffset(3) NULL,
  revoked_at   datetimeoffset(3) NULL,
  last_used_at datetimeoffset(3) NULL,
  CONSTRAINT api_tokens_pk PRIMARY KEY (id),
  CONSTRAINT api_tokens_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT api_tokens_token_hash_unique UNIQUE (token_hash),
  CONSTRAINT api_tokens_role_check CHECK (role IN ('viewer', 'operator', 'admin'))
);
GO

CREATE TABLE runner_groups (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name            nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT runner_groups_pk PRIMARY KEY (id),
  CONSTRAINT runner_groups_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT runner_groups_organization_id_name_unique UNIQUE (organization_id, name)
);
GO

CREATE TABLE runners (
  id                    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id       nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  group_id              nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  name                  nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  host_name             nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  platform              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  time_zone             nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  status                nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  generation            int NOT NULL,
  key_hash              nvarchar(64) COLLATE Latin1_General_BIN2 NULL,
  key_slot              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  share_name            nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  agent_version         nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  address               nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  instance_nonce        nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  previous_nonce        nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  refused_nonce         nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  instance_seen_at      datetimeoffset(3) NULL,
  last_heartbeat        datetimeoffset(3) NULL,
  active_jobs           int NULL,
  azure_files_status    nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  clock_offset_ms       bigint NULL,
  heartbeat_json        nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  credential_expires_at datetimeoffset(3) NULL,
  version               int NOT NULL,
  created_at            datetimeoffset(3) NOT NULL,
  updated_at            datetimeoffset(3) NOT NULL,
  CONSTRAINT runners_pk PRIMARY KEY (id),
  CONSTRAINT runners_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT runners_group_id_fk FOREIGN KEY (group_id) REFERENCES runner_groups (id),
  CONSTRAINT runners_status_check CHECK (status IN ('active', 'disabled')),
  CONSTRAINT runners_key_slot_unique UNIQUE (key_slot)
);
CREATE INDEX runners_organization ON runners (organization_id, name);
GO

CREATE TABLE enrolments (
  id                  nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id     nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  key_hash            nvarchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  pairing_code        nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  requested_runner_id nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  replaces_runner_id  nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  runner_id           nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  host_name           nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  platform            nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  time_zone           nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  agent_version       nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  address             nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  proposed_jobs_json  nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  status              nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at          datetimeoffset(3) NOT NULL,
  last_seen_at        datetimeoffset(3) NOT NULL,
  expires_at          datetimeoffset(3) NOT NULL,
  decided_at          datetimeoffset(3) NULL,
  decided_by          nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
  version             int NOT NULL,
  CONSTRAINT enrolments_pk PRIMARY KEY (id),
  CONSTRAINT enrolments_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT enrolments_key_hash_unique UNIQUE (key_hash),
  CONSTRAINT enrolments_status_check CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'superseded'))
);
CREATE INDEX enrolments_status ON enrolments (status, created_at);
GO

CREATE TABLE jobs (
  id                 nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  runner_id          nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name               nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  kind               nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  source_path        nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  share_name         nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  share_path         nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  schedule_seconds   int NOT NULL,
  include_json       nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  exclude_json       nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  source_cap         int NULL,
  enabled            bit NOT NULL,
  paused_reason      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  config_version     int NOT NULL,
  source_count       int NULL,
  source_bytes       bigint NULL,
  backlog_count      int NULL,
  backlog_bytes      bigint NULL,
  oldest_unsynced_ms bigint NULL,
  source_reported_at datetimeoffset(3) NULL,
  version            int NOT NULL,
  created_at         datetimeoffset(3) NOT NULL,
  updated_at         datetimeoffset(3) NOT NULL,
  CONSTRAINT jobs_pk PRIMARY KEY (id),
  CONSTRAINT jobs_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT jobs_runner_id_fk FOREIGN KEY (runner_id) REFERENCES runners (id),
  CONSTRAINT jobs_kind_check CHECK (kind IN ('geometry', 'tree')),
  CONSTRAINT jobs_runner_id_name_unique UNIQUE (runner_id, name)
);
GO

CREATE TABLE runner_commands (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  runner_id       nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  job_id          nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  kind            nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  payload_json    nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  requested_by    nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  delivered_at    datetimeoffset(3) NULL,
  acknowledged_at datetimeoffset(3) NULL,
  CONSTRAINT runner_commands_pk PRIMARY KEY (id),
  CONSTRAINT runner_commands_runner_id_fk FOREIGN KEY (runner_id) REFERENCES runners (id),
  CONSTRAINT runner_commands_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id)
);
CREATE INDEX runner_commands_open ON runner_commands (runner_id, acknowledged_at, created_at);
GO

CREATE TABLE sync_runs (
  id               nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id  nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  sync_type        nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  job_id           nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  runner_id        nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  correlation_id   nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  live_key         nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  status           nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  status_reason    nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  trigger_kind     nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  triggered_by     nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
  generation       int NULL,
  payload_json     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  result_json      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  files_examined   int NOT NULL,
  files_needed     int NOT NULL,
  files_archived   int NOT NULL,
  files_skipped    int NOT NULL,
  files_failed     int NOT NULL,
  bytes_archived   bigint NOT NULL,
  expected_results int NULL,
  slice            int NOT NULL,
  lease_token      nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  lease_until      datetimeoffset(3) NULL,
  next_slice_at    datetimeoffset(3) NULL,
  slice_attempts   int NOT NULL,
  started_at       datetimeoffset(3) NOT NULL,
  ended_at         datetimeoffset(3) NULL,
  last_activity_at datetimeoffset(3) NOT NULL,
  version          int NOT NULL,
  created_at       datetimeoffset(3) NOT NULL,
  updated_at       datetimeoffset(3) NOT NULL,
  CONSTRAINT sync_runs_pk PRIMARY KEY (id),
  CONSTRAINT sync_runs_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT sync_runs_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id),
  CONSTRAINT sync_runs_runner_id_fk FOREIGN KEY (runner_id) REFERENCES runners (id),
  CONSTRAINT sync_runs_live_key_unique UNIQUE (live_key),
  CONSTRAINT sync_runs_status_check CHECK (status IN ('running', 'paused', 'complete', 'partial', 'failed', 'stale', 'terminated')),
  CONSTRAINT sync_runs_trigger_kind_check CHECK (trigger_kind IN ('cron', 'manual', 'agent')),
  CONSTRAINT sync_runs_correlation_id_sync_type_unique UNIQUE (correlation_id, sync_type)
);
CREATE INDEX sync_runs_feed ON sync_runs (organization_id, started_at, id);
CREATE INDEX sync_runs_job ON sync_runs (job_id, sync_type, started_at);
CREATE INDEX sync_runs_activity ON sync_runs (status, last_activity_at);
CREATE INDEX sync_runs_slices ON sync_runs (next_slice_at);
GO

CREATE TABLE sync_steps (
  run_id           nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  sync_type        nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  step             nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  kind             nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  seq              int NULL,
  status           nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  triggered_by     nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
  attempts         int NOT NULL,
  records_in       bigint NULL,
  records_out      bigint NULL,
  error            nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  cursor_json      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  result_json      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  started_at       datetimeoffset(3) NULL,
  completed_at     datetimeoffset(3) NULL,
  last_activity_at datetimeoffset(3) NOT NULL,
  CONSTRAINT sync_steps_run_id_fk FOREIGN KEY (run_id) REFERENCES sync_runs (id),
  CONSTRAINT sync_steps_kind_check CHECK (kind IN ('init', 'work', 'baseline', 'failure')),
  CONSTRAINT sync_steps_status_check CHECK (status IN ('pending', 'running', 'complete', 'failed', 'timed_out', 'error', 'not_implemented')),
  CONSTRAINT sync_steps_pk PRIMARY KEY (run_id, sync_type, step)
);
GO

CREATE TABLE sync_run_files (
  run_id          nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  path_key        binary(32) NOT NULL,
  path            nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  outcome         nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  state           nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  size_bytes      bigint NULL,
  source_mtime_ms bigint NULL,
  archived_path   nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  checksum        nvarchar(64) COLLATE Latin1_General_BIN2 NULL,
  bytes_sent      bigint NOT NULL,
  attempts        int NOT NULL,
  error           nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  updated_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT sync_run_files_run_id_fk FOREIGN KEY (run_id) REFERENCES sync_runs (id),
  CONSTRAINT sync_run_files_state_check CHECK (state IN ('waiting', 'uploading', 'archived', 'skipped', 'failed')),
  CONSTRAINT sync_run_files_pk PRIMARY KEY (run_id, path_key)
);
CREATE INDEX sync_run_files_state ON sync_run_files (run_id, state);
GO

CREATE TABLE synced_files (
  job_id            nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  path_key          binary(32) NOT NULL,
  path              nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  source_key        binary(32) NOT NULL,
  source_path       nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  folder_key        binary(32) NOT NULL,
  size_bytes        bigint NOT NULL,
  source_mtime_ms   bigint NOT NULL,
  checksum          nvarchar(64) COLLATE Latin1_General_BIN2 NULL,
  etag              nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  share_modified_at datetimeoffset(3) NOT NULL,
  run_id            nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  created_at        datetimeoffset(3) NOT NULL,
  updated_at        datetimeoffset(3) NOT NULL,
  CONSTRAINT synced_files_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id),
  CONSTRAINT synced_files_pk PRIMARY KEY (job_id, path_key)
);
CREATE INDEX synced_files_source ON synced_files (job_id, source_key);
CREATE INDEX synced_files_folder ON synced_files (job_id, folder_key);
GO

CREATE TABLE synced_folders (
  job_id     nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  folder_key binary(32) NOT NULL,
  folder     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  digest     nvarchar(64) COLLATE Latin1_General_BIN2 NULL,
  file_count int NOT NULL,
  generation int NOT NULL,
  updated_at datetimeoffset(3) NOT NULL,
  CONSTRAINT synced_folders_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id),
  CONSTRAINT synced_folders_pk PRIMARY KEY (job_id, folder_key)
);
GO

CREATE TABLE state_changes (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  subject_type    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  subject_id      nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  old_state       nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  new_state       nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  reason          nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT state_changes_pk PRIMARY KEY (id),
  CONSTRAINT state_changes_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id)
);
CREATE INDEX state_changes_subject ON state_changes (subject_type, subject_id, created_at);
GO

CREATE TABLE alerts (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  fingerprint     nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  live_key        nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  severity        nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  class           nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  title           nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  detail          nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  status          nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  seen_count      int NOT NULL,
  runner_id       nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  job_id          nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  opened_at       datetimeoffset(3) NOT NULL,
  last_seen_at    datetimeoffset(3) NOT NULL,
  resolved_at     datetimeoffset(3) NULL,
  version         int NOT NULL,
  CONSTRAINT alerts_pk PRIMARY KEY (id),
  CONSTRAINT alerts_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT alerts_live_key_unique UNIQUE (live_key),
  CONSTRAINT alerts_severity_check CHECK (severity IN ('info', 'warning', 'critical')),
  CONSTRAINT alerts_status_check CHECK (status IN ('open', 'acknowledged', 'resolved'))
);
CREATE INDEX alerts_open ON alerts (organization_id, status, severity);
GO

CREATE TABLE timer_ticks (
  timer_name  nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  due_at      datetimeoffset(3) NOT NULL,
  instance_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  started_at  datetimeoffset(3) NOT NULL,
  finished_at datetimeoffset(3) NULL,
  examined    int NULL,
  changed     int NULL,
  error       nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  CONSTRAINT timer_ticks_pk PRIMARY KEY (timer_name, due_at)
);
GO

CREATE TABLE audit_results (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  trigger_kind    nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  requested_by    nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  min_version     nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  verdict         nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  checks_json     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  started_at      datetimeoffset(3) NOT NULL,
  finished_at     datetimeoffset(3) NOT NULL,
  CONSTRAINT audit_results_pk PRIMARY KEY (id),
  CONSTRAINT audit_results_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT audit_results_verdict_check CHECK (verdict IN ('pass', 'warn', 'fail', 'error'))
);
CREATE INDEX audit_results_recent ON audit_results (organization_id, started_at);
GO

CREATE TABLE audit_log (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  actor_kind      nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  actor           nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  action          nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  subject_type    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  subject_id      nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  detail_json     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  correlation_id  nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
  created_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT audit_log_pk PRIMARY KEY (id),
  CONSTRAINT audit_log_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id)
);
CREATE INDEX audit_log_recent ON audit_log (organization_id, created_at, id);
GO
