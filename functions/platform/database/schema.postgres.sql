-- The schema after all migrations; written by its test (vitest -u), never by hand.

CREATE TABLE alert_rules (
  id text NOT NULL,
  organization_id text NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  enabled boolean NOT NULL,
  match_json jsonb NOT NULL,
  routes_json jsonb NOT NULL,
  version integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT alert_rules_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT alert_rules_pkey PRIMARY KEY (id),
  CONSTRAINT alert_rules_organization_id_name_key UNIQUE (organization_id, name)
);

CREATE TABLE alerts (
  id text NOT NULL,
  organization_id text NOT NULL,
  fingerprint text NOT NULL,
  live_key text NOT NULL,
  severity text NOT NULL,
  class text NOT NULL,
  title text NOT NULL,
  detail text NOT NULL,
  status text NOT NULL,
  seen_count integer NOT NULL,
  runner_id text,
  job_id text,
  opened_at timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  resolved_at timestamp(3) with time zone,
  version integer NOT NULL,
  source text,
  cause_alert_id text,
  facts_json jsonb,
  runbook text,
  transition_seq integer,
  reopened_count integer,
  acknowledged_at timestamp(3) with time zone,
  acknowledged_by text,
  snoozed_until timestamp(3) with time zone,
  resolved_reason text,
  tell_transition text,
  tell_due_at timestamp(3) with time zone,
  quiet_since timestamp(3) with time zone,
  CONSTRAINT alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  CONSTRAINT alerts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text]))),
  CONSTRAINT alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT alerts_pkey PRIMARY KEY (id),
  CONSTRAINT alerts_live_key_key UNIQUE (live_key)
);
CREATE INDEX alerts_cause ON public.alerts USING btree (cause_alert_id);
CREATE INDEX alerts_fingerprint ON public.alerts USING btree (organization_id, fingerprint, resolved_at);
CREATE INDEX alerts_open ON public.alerts USING btree (organization_id, status, severity);
CREATE INDEX alerts_tell_due ON public.alerts USING btree (tell_due_at);

CREATE TABLE api_tokens (
  id text NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL,
  token_hash character(64) NOT NULL,
  role text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  CONSTRAINT api_tokens_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
  CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT api_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT api_tokens_token_hash_key UNIQUE (token_hash)
);

CREATE TABLE audit_log (
  id text NOT NULL,
  organization_id text NOT NULL,
  actor_kind text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  detail_json jsonb NOT NULL,
  correlation_id text,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT audit_log_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_recent ON public.audit_log USING btree (organization_id, created_at, id);

CREATE TABLE audit_results (
  id text NOT NULL,
  organization_id text NOT NULL,
  trigger_kind text NOT NULL,
  requested_by text NOT NULL,
  min_version text,
  verdict text NOT NULL,
  checks_json jsonb NOT NULL,
  started_at timestamp(3) with time zone NOT NULL,
  finished_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT audit_results_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'warn'::text, 'fail'::text, 'error'::text]))),
  CONSTRAINT audit_results_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT audit_results_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_results_recent ON public.audit_results USING btree (organization_id, started_at);

CREATE TABLE change_events (
  id text NOT NULL,
  organization_id text NOT NULL,
  run_id text NOT NULL,
  register text NOT NULL,
  event_type text NOT NULL,
  entity_type text NOT NULL,
  entity_code text NOT NULL,
  old_value text,
  new_value text,
  detail text,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT change_events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT change_events_pkey PRIMARY KEY (id)
);
CREATE INDEX change_events_entity ON public.change_events USING btree (organization_id, register, entity_code, created_at);
CREATE INDEX change_events_feed ON public.change_events USING btree (organization_id, created_at, id);
CREATE INDEX change_events_run ON public.change_events USING btree (run_id, id);

CREATE TABLE credential_ages (
  name text NOT NULL,
  fingerprint character(64) NOT NULL,
  since timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT credential_ages_pkey PRIMARY KEY (name)
);

CREATE TABLE due_revocations (
  share_name text NOT NULL,
  revocation_id text NOT NULL,
  due_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT due_revocations_pkey PRIMARY KEY (share_name)
);

CREATE TABLE enrolments (
  id text NOT NULL,
  organization_id text NOT NULL,
  key_hash character(64) NOT NULL,
  pairing_code text NOT NULL,
  requested_runner_id text,
  replaces_runner_id text,
  runner_id text,
  host_name text NOT NULL,
  platform text NOT NULL,
  time_zone text NOT NULL,
  agent_version text NOT NULL,
  address text NOT NULL,
  proposed_jobs_json jsonb NOT NULL,
  status text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  decided_at timestamp(3) with time zone,
  decided_by text,
  version integer NOT NULL,
  CONSTRAINT enrolments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'expired'::text, 'superseded'::text]))),
  CONSTRAINT enrolments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT enrolments_pkey PRIMARY KEY (id),
  CONSTRAINT enrolments_key_hash_key UNIQUE (key_hash)
);
CREATE INDEX enrolments_status ON public.enrolments USING btree (status, created_at);

CREATE TABLE jobs (
  id text NOT NULL,
  organization_id text NOT NULL,
  runner_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  source_path text NOT NULL,
  share_name text NOT NULL,
  share_path text NOT NULL,
  schedule_seconds integer NOT NULL,
  include_json jsonb NOT NULL,
  exclude_json jsonb NOT NULL,
  source_cap integer,
  enabled boolean NOT NULL,
  paused_reason text,
  config_version integer NOT NULL,
  source_count integer,
  source_bytes bigint,
  backlog_count integer,
  backlog_bytes bigint,
  oldest_unsynced_ms bigint,
  source_reported_at timestamp(3) with time zone,
  version integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  purge_ahead integer,
  produced_last_hour integer,
  produced_last_day integer,
  produced_peak_hour integer,
  upload_bytes_per_second bigint,
  upload_files_per_hour integer,
  counted_by_instrument integer,
  CONSTRAINT jobs_kind_check CHECK ((kind = ANY (ARRAY['geometry'::text, 'tree'::text]))),
  CONSTRAINT jobs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT jobs_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES runners(id),
  CONSTRAINT jobs_pkey PRIMARY KEY (id),
  CONSTRAINT jobs_runner_id_name_key UNIQUE (runner_id, name)
);

CREATE TABLE lost_files (
  job_id text NOT NULL,
  state_key bytea NOT NULL,
  path_key bytea NOT NULL,
  path text NOT NULL,
  size_bytes bigint,
  source_mtime_ms bigint,
  run_id text NOT NULL,
  lost_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT lost_files_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT lost_files_pkey PRIMARY KEY (job_id, state_key)
);
CREATE INDEX lost_files_run ON public.lost_files USING btree (run_id, path_key);

CREATE TABLE maintenance_windows (
  id text NOT NULL,
  organization_id text NOT NULL,
  runner_id text,
  group_id text,
  reason text NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  ends_at timestamp(3) with time zone NOT NULL,
  created_by text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT maintenance_windows_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT maintenance_windows_pkey PRIMARY KEY (id)
);
CREATE INDEX maintenance_windows_open ON public.maintenance_windows USING btree (organization_id, ends_at);

CREATE TABLE notification_channels (
  id text NOT NULL,
  organization_id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  enabled boolean NOT NULL,
  config_json jsonb NOT NULL,
  secret_box text,
  last_ok_at timestamp(3) with time zone,
  last_failed_at timestamp(3) with time zone,
  last_error text,
  version integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT notification_channels_kind_check CHECK ((kind = ANY (ARRAY['teams'::text, 'email'::text, 'pagerduty'::text, 'jira'::text, 'webhook'::text]))),
  CONSTRAINT notification_channels_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT notification_channels_pkey PRIMARY KEY (id),
  CONSTRAINT notification_channels_organization_id_name_key UNIQUE (organization_id, name)
);

CREATE TABLE notifications (
  id text NOT NULL,
  organization_id text NOT NULL,
  alert_id text,
  transition text NOT NULL,
  dedup_key text NOT NULL,
  channel_id text NOT NULL,
  recipients_json jsonb NOT NULL,
  message_json jsonb NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL,
  next_attempt_at timestamp(3) with time zone,
  lease_token text,
  lease_until timestamp(3) with time zone,
  last_error text,
  response_status integer,
  created_at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  version integer NOT NULL,
  CONSTRAINT notifications_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sending'::text, 'delivered'::text, 'failed'::text, 'suppressed'::text]))),
  CONSTRAINT notifications_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id),
  CONSTRAINT notifications_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES notification_channels(id),
  CONSTRAINT notifications_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT notifications_pkey PRIMARY KEY (id),
  CONSTRAINT notifications_dedup_key_key UNIQUE (dedup_key)
);
CREATE INDEX notifications_alert ON public.notifications USING btree (alert_id, created_at);
CREATE INDEX notifications_created ON public.notifications USING btree (organization_id, created_at);
CREATE INDEX notifications_due ON public.notifications USING btree (status, next_attempt_at);

CREATE TABLE organizations (
  id text NOT NULL,
  name text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT organizations_pkey PRIMARY KEY (id)
);

CREATE TABLE production_peaks (
  job_id text NOT NULL,
  week integer NOT NULL,
  peak_hour integer NOT NULL,
  peak_day integer NOT NULL,
  CONSTRAINT production_peaks_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT production_peaks_pkey PRIMARY KEY (job_id, week)
);

CREATE TABLE quota_readings (
  target text NOT NULL,
  measured_at timestamp(3) with time zone NOT NULL,
  used_bytes bigint NOT NULL,
  quota_bytes bigint,
  CONSTRAINT quota_readings_pkey PRIMARY KEY (target, measured_at)
);

CREATE TABLE register_cursors (
  organization_id text NOT NULL,
  register text NOT NULL,
  name text NOT NULL,
  value_json jsonb NOT NULL,
  run_id text NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT register_cursors_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT register_cursors_pkey PRIMARY KEY (organization_id, register, name)
);

CREATE TABLE register_entities (
  organization_id text NOT NULL,
  register text NOT NULL,
  entity_type text NOT NULL,
  code text COLLATE "C" NOT NULL,
  title text,
  status text,
  superseded_by text,
  attributes_json jsonb NOT NULL,
  digest character(64) NOT NULL,
  seen_run_id text NOT NULL,
  first_seen_at timestamp(3) with time zone NOT NULL,
  changed_at timestamp(3) with time zone NOT NULL,
  refreshed_at timestamp(3) with time zone,
  gone_at timestamp(3) with time zone,
  CONSTRAINT register_entities_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT register_entities_pkey PRIMARY KEY (organization_id, register, entity_type, code)
);
CREATE INDEX register_entities_refresh ON public.register_entities USING btree (organization_id, register, entity_type, refreshed_at);

CREATE TABLE runner_commands (
  id text NOT NULL,
  runner_id text NOT NULL,
  job_id text,
  kind text NOT NULL,
  payload_json jsonb NOT NULL,
  requested_by text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  acknowledged_at timestamp(3) with time zone,
  CONSTRAINT runner_commands_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT runner_commands_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES runners(id),
  CONSTRAINT runner_commands_pkey PRIMARY KEY (id)
);
CREATE INDEX runner_commands_open ON public.runner_commands USING btree (runner_id, acknowledged_at, created_at);

CREATE TABLE runner_groups (
  id text NOT NULL,
  organization_id text NOT NULL,
  name text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT runner_groups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT runner_groups_pkey PRIMARY KEY (id),
  CONSTRAINT runner_groups_organization_id_name_key UNIQUE (organization_id, name)
);

CREATE TABLE runners (
  id text NOT NULL,
  organization_id text NOT NULL,
  group_id text,
  name text NOT NULL,
  host_name text NOT NULL,
  platform text NOT NULL,
  time_zone text NOT NULL,
  status text NOT NULL,
  generation integer NOT NULL,
  key_hash character(64),
  key_slot text NOT NULL,
  share_name text NOT NULL,
  agent_version text,
  address text,
  instance_nonce text,
  previous_nonce text,
  refused_nonce text,
  instance_seen_at timestamp(3) with time zone,
  last_heartbeat timestamp(3) with time zone,
  active_jobs integer,
  azure_files_status text,
  clock_offset_ms bigint,
  heartbeat_json jsonb,
  credential_expires_at timestamp(3) with time zone,
  version integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  earlier_nonces_json jsonb,
  CONSTRAINT runners_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text]))),
  CONSTRAINT runners_group_id_fkey FOREIGN KEY (group_id) REFERENCES runner_groups(id),
  CONSTRAINT runners_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT runners_pkey PRIMARY KEY (id),
  CONSTRAINT runners_key_slot_key UNIQUE (key_slot)
);
CREATE INDEX runners_organization ON public.runners USING btree (organization_id, name);

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  checksum character(64) NOT NULL,
  breaking boolean NOT NULL,
  applied_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE sealed_folders (
  job_id text NOT NULL,
  folder_key bytea NOT NULL,
  folder text NOT NULL,
  file_count integer NOT NULL,
  run_id text,
  sealed_at timestamp(3) with time zone NOT NULL,
  sealed_by text NOT NULL,
  CONSTRAINT sealed_folders_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT sealed_folders_pkey PRIMARY KEY (job_id, folder_key)
);

CREATE TABLE sentinel_log (
  id text NOT NULL,
  organization_id text NOT NULL,
  run_id text NOT NULL,
  sync_type text NOT NULL,
  target text NOT NULL,
  previous_total bigint,
  live_total bigint NOT NULL,
  verdict text NOT NULL,
  detail text,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT sentinel_log_verdict_check CHECK ((verdict = ANY (ARRAY['first'::text, 'ok'::text, 'stopped'::text]))),
  CONSTRAINT sentinel_log_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT sentinel_log_pkey PRIMARY KEY (id)
);
CREATE INDEX sentinel_log_run ON public.sentinel_log USING btree (run_id);
CREATE INDEX sentinel_log_target ON public.sentinel_log USING btree (organization_id, sync_type, target, created_at);

CREATE TABLE sessions (
  token_hash character(64) NOT NULL,
  user_id text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT sessions_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX sessions_expires ON public.sessions USING btree (expires_at);

CREATE TABLE state_changes (
  id text NOT NULL,
  organization_id text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  old_state text,
  new_state text NOT NULL,
  reason text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT state_changes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT state_changes_pkey PRIMARY KEY (id)
);
CREATE INDEX state_changes_subject ON public.state_changes USING btree (subject_type, subject_id, created_at);

CREATE TABLE sync_run_files (
  run_id text COLLATE "C" NOT NULL,
  path_key bytea NOT NULL,
  path text NOT NULL,
  outcome text NOT NULL,
  state text NOT NULL,
  size_bytes bigint,
  source_mtime_ms bigint,
  archived_path text,
  checksum character(64),
  bytes_sent bigint NOT NULL,
  attempts integer NOT NULL,
  error text,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT sync_run_files_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'uploading'::text, 'archived'::text, 'skipped'::text, 'failed'::text]))),
  CONSTRAINT sync_run_files_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync_runs(id),
  CONSTRAINT sync_run_files_pkey PRIMARY KEY (run_id, path_key)
);
CREATE INDEX sync_run_files_state ON public.sync_run_files USING btree (run_id, state);

CREATE TABLE sync_runs (
  id text COLLATE "C" NOT NULL,
  organization_id text NOT NULL,
  sync_type text NOT NULL,
  job_id text,
  runner_id text,
  correlation_id text NOT NULL,
  live_key text NOT NULL,
  status text NOT NULL,
  status_reason text,
  trigger_kind text NOT NULL,
  triggered_by text,
  generation integer,
  payload_json jsonb NOT NULL,
  result_json jsonb,
  files_examined integer NOT NULL,
  files_needed integer NOT NULL,
  files_archived integer NOT NULL,
  files_skipped integer NOT NULL,
  files_failed integer NOT NULL,
  bytes_archived bigint NOT NULL,
  expected_results integer,
  slice integer NOT NULL,
  lease_token text,
  lease_until timestamp(3) with time zone,
  next_slice_at timestamp(3) with time zone,
  slice_attempts integer NOT NULL,
  started_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  last_activity_at timestamp(3) with time zone NOT NULL,
  version integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  code_version text,
  pointer text,
  error_tag text,
  records_in bigint,
  records_out bigint,
  doubt text,
  progress_at timestamp(3) with time zone,
  CONSTRAINT sync_runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'paused'::text, 'complete'::text, 'partial'::text, 'failed'::text, 'stale'::text, 'terminated'::text]))),
  CONSTRAINT sync_runs_trigger_kind_check CHECK ((trigger_kind = ANY (ARRAY['cron'::text, 'manual'::text, 'agent'::text]))),
  CONSTRAINT sync_runs_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT sync_runs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT sync_runs_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES runners(id),
  CONSTRAINT sync_runs_pkey PRIMARY KEY (id),
  CONSTRAINT sync_runs_correlation_id_sync_type_key UNIQUE (correlation_id, sync_type),
  CONSTRAINT sync_runs_live_key_key UNIQUE (live_key)
);
CREATE INDEX sync_runs_activity ON public.sync_runs USING btree (status, last_activity_at);
CREATE INDEX sync_runs_feed ON public.sync_runs USING btree (organization_id, started_at, id);
CREATE INDEX sync_runs_job ON public.sync_runs USING btree (job_id, sync_type, started_at);
CREATE INDEX sync_runs_runner ON public.sync_runs USING btree (runner_id, started_at, id);
CREATE INDEX sync_runs_slices ON public.sync_runs USING btree (next_slice_at);
CREATE INDEX sync_runs_status ON public.sync_runs USING btree (organization_id, status, started_at, id);
CREATE INDEX sync_runs_type ON public.sync_runs USING btree (organization_id, sync_type, started_at, id);

CREATE TABLE sync_steps (
  run_id text COLLATE "C" NOT NULL,
  sync_type text NOT NULL,
  step text NOT NULL,
  kind text NOT NULL,
  seq integer,
  status text NOT NULL,
  triggered_by text,
  attempts integer NOT NULL,
  records_in bigint,
  records_out bigint,
  error text,
  cursor_json jsonb,
  result_json jsonb,
  started_at timestamp(3) with time zone,
  completed_at timestamp(3) with time zone,
  last_activity_at timestamp(3) with time zone NOT NULL,
  position integer,
  code_version text,
  CONSTRAINT sync_steps_kind_check CHECK ((kind = ANY (ARRAY['init'::text, 'work'::text, 'baseline'::text, 'failure'::text]))),
  CONSTRAINT sync_steps_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'complete'::text, 'failed'::text, 'timed_out'::text, 'error'::text, 'not_implemented'::text]))),
  CONSTRAINT sync_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync_runs(id),
  CONSTRAINT sync_steps_pkey PRIMARY KEY (run_id, sync_type, step)
);

CREATE TABLE synced_files (
  job_id text NOT NULL,
  path_key bytea NOT NULL,
  path text NOT NULL,
  source_key bytea NOT NULL,
  source_path text NOT NULL,
  folder_key bytea NOT NULL,
  size_bytes bigint NOT NULL,
  source_mtime_ms bigint NOT NULL,
  checksum character(64),
  etag text NOT NULL,
  share_modified_at timestamp(3) with time zone NOT NULL,
  run_id text,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT synced_files_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT synced_files_pkey PRIMARY KEY (job_id, path_key)
);
CREATE INDEX synced_files_folder ON public.synced_files USING btree (job_id, folder_key);
CREATE INDEX synced_files_source ON public.synced_files USING btree (job_id, source_key);

CREATE TABLE synced_folders (
  job_id text NOT NULL,
  folder_key bytea NOT NULL,
  folder text NOT NULL,
  digest character(64),
  file_count integer NOT NULL,
  generation integer NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  seen_run_id text,
  changed_at timestamp(3) with time zone,
  proved_at timestamp(3) with time zone,
  CONSTRAINT synced_folders_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  CONSTRAINT synced_folders_pkey PRIMARY KEY (job_id, folder_key)
);

CREATE TABLE timer_ticks (
  timer_name text NOT NULL,
  due_at timestamp(3) with time zone NOT NULL,
  instance_id text NOT NULL,
  started_at timestamp(3) with time zone NOT NULL,
  finished_at timestamp(3) with time zone,
  examined integer,
  changed integer,
  error text,
  CONSTRAINT timer_ticks_pkey PRIMARY KEY (timer_name, due_at)
);

CREATE TABLE users (
  id text NOT NULL,
  organization_id text NOT NULL,
  email text NOT NULL,
  email_key text NOT NULL,
  display_name text NOT NULL,
  role text NOT NULL,
  password_hash text,
  disabled_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
  CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_key_key UNIQUE (email_key)
);

CREATE TABLE workflow_schedules (
  organization_id text NOT NULL,
  name text COLLATE "C" NOT NULL,
  schedule text NOT NULL,
  next_due_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT workflow_schedules_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT workflow_schedules_pkey PRIMARY KEY (organization_id, name)
);

CREATE VIEW failed_steps AS
 SELECT run_id,
    sync_type,
    step,
    status,
    attempts,
    error,
    started_at,
    completed_at,
    last_activity_at
   FROM sync_steps
  WHERE (status = ANY (ARRAY['failed'::text, 'timed_out'::text, 'error'::text]));

CREATE VIEW latest_runs AS
 SELECT id,
    organization_id,
    sync_type,
    job_id,
    runner_id,
    status,
    started_at,
    ended_at,
    records_in,
    records_out
   FROM ( SELECT sync_runs.id,
            sync_runs.organization_id,
            sync_runs.sync_type,
            sync_runs.job_id,
            sync_runs.runner_id,
            sync_runs.correlation_id,
            sync_runs.live_key,
            sync_runs.status,
            sync_runs.status_reason,
            sync_runs.trigger_kind,
            sync_runs.triggered_by,
            sync_runs.generation,
            sync_runs.payload_json,
            sync_runs.result_json,
            sync_runs.files_examined,
            sync_runs.files_needed,
            sync_runs.files_archived,
            sync_runs.files_skipped,
            sync_runs.files_failed,
            sync_runs.bytes_archived,
            sync_runs.expected_results,
            sync_runs.slice,
            sync_runs.lease_token,
            sync_runs.lease_until,
            sync_runs.next_slice_at,
            sync_runs.slice_attempts,
            sync_runs.started_at,
            sync_runs.ended_at,
            sync_runs.last_activity_at,
            sync_runs.version,
            sync_runs.created_at,
            sync_runs.updated_at,
            sync_runs.code_version,
            sync_runs.pointer,
            sync_runs.error_tag,
            sync_runs.records_in,
            sync_runs.records_out,
            sync_runs.doubt,
            sync_runs.progress_at,
            row_number() OVER (PARTITION BY sync_runs.organization_id, sync_runs.sync_type, sync_runs.job_id ORDER BY sync_runs.started_at DESC, sync_runs.id DESC) AS place
           FROM sync_runs) ranked
  WHERE (place = 1);

CREATE VIEW regulatory_events AS
 SELECT id,
    organization_id,
    run_id,
    register,
    event_type,
    entity_type,
    entity_code,
    old_value,
    new_value,
    detail,
    created_at
   FROM change_events;

CREATE VIEW tga_sync_cursor AS
 SELECT id AS run_id,
    organization_id,
    status,
    pointer AS phase,
    slice,
    next_slice_at,
    updated_at
   FROM sync_runs
  WHERE (sync_type = 'tga_sync'::text);

CREATE VIEW tga_sync_steps AS
 SELECT run_id,
    step,
    kind,
    seq,
    status,
    triggered_by,
    attempts,
    records_in,
    records_out,
    error,
    started_at,
    completed_at
   FROM sync_steps
  WHERE (sync_type = 'tga_sync'::text);

CREATE VIEW workflows AS
 SELECT id,
    organization_id,
    sync_type AS name,
        CASE status
            WHEN 'complete'::text THEN 'completed'::text
            WHEN 'partial'::text THEN 'completed'::text
            WHEN 'stale'::text THEN 'failed'::text
            WHEN 'terminated'::text THEN 'failed'::text
            ELSE status
        END AS status,
    status AS run_status,
    payload_json AS payload,
    result_json AS result,
    error_tag,
    pointer,
    started_at,
    ended_at,
    created_at,
    updated_at
   FROM sync_runs
  WHERE (code_version IS NOT NULL);
