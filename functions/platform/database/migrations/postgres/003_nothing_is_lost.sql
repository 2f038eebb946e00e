-- Nothing is lost: seals, the purge forecast's gauges, alerts with their rules and outbox, quotas and the age of credentials.
-- How alerts are told apart, grouped and handled. source: which check found it (null: a writer, as it happened); cause_alert_id: the alert that
-- explains this one (an incident is a cause with its effects); transition_seq: number of the last state change that people are told of.
ALTER TABLE alerts ADD COLUMN source text;
ALTER TABLE alerts ADD COLUMN cause_alert_id text;
ALTER TABLE alerts ADD COLUMN facts_json jsonb;
ALTER TABLE alerts ADD COLUMN runbook text;
ALTER TABLE alerts ADD COLUMN transition_seq integer;
ALTER TABLE alerts ADD COLUMN reopened_count integer;
ALTER TABLE alerts ADD COLUMN acknowledged_at timestamptz(3);
ALTER TABLE alerts ADD COLUMN acknowledged_by text;
ALTER TABLE alerts ADD COLUMN snoozed_until timestamptz(3);
ALTER TABLE alerts ADD COLUMN resolved_reason text;

-- The agent's last gauges for the purge forecast: files that the instrument would delete before the oldest unarchived one, files produced, and
-- how fast uploads went.
ALTER TABLE jobs ADD COLUMN purge_ahead integer;
ALTER TABLE jobs ADD COLUMN produced_last_hour integer;
ALTER TABLE jobs ADD COLUMN produced_last_day integer;
ALTER TABLE jobs ADD COLUMN produced_peak_hour integer;
ALTER TABLE jobs ADD COLUMN upload_bytes_per_second bigint;
ALTER TABLE jobs ADD COLUMN upload_files_per_hour integer;

-- For seals: when the folder last gained or lost a row, and the beginning of the newest run that found its digest equal.
ALTER TABLE synced_folders ADD COLUMN changed_at timestamptz(3);
ALTER TABLE synced_folders ADD COLUMN proved_at timestamptz(3);


-- A folder that is finished: agents look at it cheaply and skip it. A row goes when it is unsealed; state_changes keeps both.
CREATE TABLE sealed_folders (
  job_id     text NOT NULL REFERENCES jobs (id),
  folder_key bytea NOT NULL,
  folder     text NOT NULL,
  file_count integer NOT NULL,
  run_id     text,
  sealed_at  timestamptz(3) NOT NULL,
  sealed_by  text NOT NULL,
  PRIMARY KEY (job_id, folder_key)
);

-- Where notifications go. config_json is shown to operators; secret_box holds addresses and keys that are secrets, encrypted.
CREATE TABLE notification_channels (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  kind            text NOT NULL CHECK (kind IN ('teams', 'email', 'pagerduty', 'jira', 'webhook')),
  name            text NOT NULL,
  enabled         boolean NOT NULL,
  config_json     jsonb NOT NULL,
  secret_box      text,
  last_ok_at      timestamptz(3),
  last_failed_at  timestamptz(3),
  last_error      text,
  version         integer NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  updated_at      timestamptz(3) NOT NULL,
  UNIQUE (organization_id, name)
);

-- Who is told of which alerts. The first rule by position that matches decides; match_json and routes_json are declared in the contract.
CREATE TABLE alert_rules (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  name            text NOT NULL,
  position        integer NOT NULL,
  enabled         boolean NOT NULL,
  match_json      jsonb NOT NULL,
  routes_json     jsonb NOT NULL,
  version         integer NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  updated_at      timestamptz(3) NOT NULL,
  UNIQUE (organization_id, name)
);

-- The outbox: one row per transition and channel, written in the transaction of the transition. id is the delivery id; dedup_key makes a second one
-- for the same transition and channel impossible.
CREATE TABLE notifications (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  alert_id        text REFERENCES alerts (id),
  transition      text NOT NULL,
  dedup_key       text NOT NULL UNIQUE,
  channel_id      text NOT NULL REFERENCES notification_channels (id),
  recipients_json jsonb NOT NULL,
  message_json    jsonb NOT NULL,
  status          text NOT NULL CHECK (status IN ('pending', 'sending', 'delivered', 'failed', 'suppressed')),
  attempts        integer NOT NULL,
  next_attempt_at timestamptz(3),
  lease_token     text,
  lease_until     timestamptz(3),
  last_error      text,
  response_status integer,
  created_at      timestamptz(3) NOT NULL,
  delivered_at    timestamptz(3),
  version         integer NOT NULL
);
CREATE INDEX notifications_due ON notifications (status, next_attempt_at);
CREATE INDEX notifications_alert ON notifications (alert_id, created_at);

-- While one is open nobody is told of the alerts it covers: of a runner, of a group, or of the whole organization.
CREATE TABLE maintenance_windows (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  runner_id       text,
  group_id        text,
  reason          text NOT NULL,
  starts_at       timestamptz(3) NOT NULL,
  ends_at         timestamptz(3) NOT NULL,
  created_by      text NOT NULL,
  created_at      timestamptz(3) NOT NULL
);
CREATE INDEX maintenance_windows_open ON maintenance_windows (organization_id, ends_at);

-- How full the database and each share were: from these the day on which each will be full.
CREATE TABLE quota_readings (
  target      text NOT NULL,
  measured_at timestamptz(3) NOT NULL,
  used_bytes  bigint NOT NULL,
  quota_bytes bigint,
  PRIMARY KEY (target, measured_at)
);

-- Since when each secret has been the same; only a keyed hash of it is kept.
CREATE TABLE credential_ages (
  name         text PRIMARY KEY,
  fingerprint  char(64) NOT NULL,
  since        timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL
);
