-- Nothing is lost: seals, the purge forecast's gauges, alerts with their rules and outbox, quotas and the age of credentials.
-- How alerts are told apart, grouped and handled. source: which check found it (null: a writer, as it happened); cause_alert_id: the alert that
-- explains this one (an incident is a cause with its effects); transition_seq: number of the last state change that people are told of.
ALTER TABLE alerts ADD source nvarchar(100) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD cause_alert_id nvarchar(100) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD facts_json nvarchar(max) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD runbook nvarchar(100) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD transition_seq int NULL
GO
ALTER TABLE alerts ADD reopened_count int NULL
GO
ALTER TABLE alerts ADD acknowledged_at datetimeoffset(3) NULL
GO
ALTER TABLE alerts ADD acknowledged_by nvarchar(200) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD snoozed_until datetimeoffset(3) NULL
GO
ALTER TABLE alerts ADD resolved_reason nvarchar(max) COLLATE Latin1_General_BIN2 NULL
GO
-- The agent's last gauges for the purge forecast: files that the instrument would delete before the oldest unarchived one, files produced, and
-- how fast uploads went.
ALTER TABLE jobs ADD purge_ahead int NULL
GO
ALTER TABLE jobs ADD produced_last_hour int NULL
GO
ALTER TABLE jobs ADD produced_last_day int NULL
GO
ALTER TABLE jobs ADD produced_peak_hour int NULL
GO
ALTER TABLE jobs ADD upload_bytes_per_second bigint NULL
GO
ALTER TABLE jobs ADD upload_files_per_hour int NULL
GO
-- For seals: when the folder last gained or lost a row, and the beginning of the newest run that found its digest equal.
ALTER TABLE synced_folders ADD changed_at datetimeoffset(3) NULL
GO
ALTER TABLE synced_folders ADD proved_at datetimeoffset(3) NULL
GO

-- A folder that is finished: agents look at it cheaply and skip it. A row goes when it is unsealed; state_changes keeps both.
CREATE TABLE sealed_folders (
  job_id     nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  folder_key binary(32) NOT NULL,
  folder     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  file_count int NOT NULL,
  run_id     nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  sealed_at  datetimeoffset(3) NOT NULL,
  sealed_by  nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  CONSTRAINT sealed_folders_pk PRIMARY KEY (job_id, folder_key),
  CONSTRAINT sealed_folders_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id)
);
GO

-- Where notifications go. config_json is shown to operators; secret_box holds addresses and keys that are secrets, encrypted.
CREATE TABLE notification_channels (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  kind            nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  name            nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  enabled         bit NOT NULL,
  config_json     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  secret_box      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  last_ok_at      datetimeoffset(3) NULL,
  last_failed_at  datetimeoffset(3) NULL,
  last_error      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  version         int NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  updated_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT notification_channels_pk PRIMARY KEY (id),
  CONSTRAINT notification_channels_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT notification_channels_kind_check CHECK (kind IN ('teams', 'email', 'pagerduty', 'jira', 'webhook')),
  CONSTRAINT notification_channels_organization_id_name_unique UNIQUE (organization_id, name)
);
GO

-- Who is told of which alerts. The first rule by position that matches decides; match_json and routes_json are declared in the contract.
CREATE TABLE alert_rules (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name            nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  position        int NOT NULL,
  enabled         bit NOT NULL,
  match_json      nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  routes_json     nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  version         int NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  updated_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT alert_rules_pk PRIMARY KEY (id),
  CONSTRAINT alert_rules_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT alert_rules_organization_id_name_unique UNIQUE (organization_id, name)
);
GO

-- The outbox: one row per transition and channel, written in the transaction of the transition. id is the delivery id; dedup_key makes a second one
-- for the same transition and channel impossible.
CREATE TABLE notifications (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  alert_id        nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  transition      nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  dedup_key       nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  channel_id      nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  recipients_json nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  message_json    nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  status          nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  attempts        int NOT NULL,
  next_attempt_at datetimeoffset(3) NULL,
  lease_token     nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  lease_until     datetimeoffset(3) NULL,
  last_error      nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  response_status int NULL,
  created_at      datetimeoffset(3) NOT NULL,
  delivered_at    datetimeoffset(3) NULL,
  version         int NOT NULL,
  CONSTRAINT notifications_pk PRIMARY KEY (id),
  CONSTRAINT notifications_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT notifications_alert_id_fk FOREIGN KEY (alert_id) REFERENCES alerts (id),
  CONSTRAINT notifications_dedup_key_unique UNIQUE (dedup_key),
  CONSTRAINT notifications_channel_id_fk FOREIGN KEY (channel_id) REFERENCES notification_channels (id),
  CONSTRAINT notifications_status_check CHECK (status IN ('pending', 'sending', 'delivered', 'failed', 'suppressed'))
);
CREATE INDEX notifications_due ON notifications (status, next_attempt_at);
CREATE INDEX notifications_alert ON notifications (alert_id, created_at);
GO

-- While one is open nobody is told of the alerts it covers: of a runner, of a group, or of the whole organization.
CREATE TABLE maintenance_windows (
  id              nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  runner_id       nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  group_id        nvarchar(100) COLLATE Latin1_General_BIN2 NULL,
  reason          nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  starts_at       datetimeoffset(3) NOT NULL,
  ends_at         datetimeoffset(3) NOT NULL,
  created_by      nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  created_at      datetimeoffset(3) NOT NULL,
  CONSTRAINT maintenance_windows_pk PRIMARY KEY (id),
  CONSTRAINT maintenance_windows_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id)
);
CREATE INDEX maintenance_windows_open ON maintenance_windows (organization_id, ends_at);
GO

-- How full the database and each share were: from these the day on which each will be full.
CREATE TABLE quota_readings (
  target      nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  measured_at datetimeoffset(3) NOT NULL,
  used_bytes  bigint NOT NULL,
  quota_bytes bigint NULL,
  CONSTRAINT quota_readings_pk PRIMARY KEY (target, measured_at)
);
GO

-- Since when each secret has been the same; only a keyed hash of it is kept.
CREATE TABLE credential_ages (
  name         nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  fingerprint  nvarchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  since        datetimeoffset(3) NOT NULL,
  last_seen_at datetimeoffset(3) NOT NULL,
  CONSTRAINT credential_ages_pk PRIMARY KEY (name)
);
GO
