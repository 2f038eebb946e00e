-- The same as migrations/postgres/006_workflows.sql, where each table, column and index has its reason.
-- Durable workflows and register syncs: what a run of activities remembers beside its steps, and what registers hold.

-- code_version: the bundle that a durable workflow began on; null for runs that are no workflow.
ALTER TABLE sync_runs ADD code_version nvarchar(30) COLLATE Latin1_General_BIN2 NULL
GO
-- The activity at which the next slice goes on; the phase pointer of a register cycle.
ALTER TABLE sync_runs ADD pointer nvarchar(100) COLLATE Latin1_General_BIN2 NULL
GO
-- Tag of the ApiError that failed the run: bulk retry and alerts go by it.
ALTER TABLE sync_runs ADD error_tag nvarchar(30) COLLATE Latin1_General_BIN2 NULL
GO
-- Sums over the steps of work, counted with every write of a step: the feed shows them.
ALTER TABLE sync_runs ADD records_in bigint NULL
GO
ALTER TABLE sync_runs ADD records_out bigint NULL
GO
-- Why a run that succeeded is not to be believed (nothing or abnormally little read): it is partial.
ALTER TABLE sync_runs ADD doubt nvarchar(400) COLLATE Latin1_General_BIN2 NULL
GO
-- When an activity or page was last stored: a run that only repeats itself moves last_activity_at, but not this.
ALTER TABLE sync_runs ADD progress_at datetimeoffset(3) NULL
GO
CREATE INDEX sync_runs_type ON sync_runs (organization_id, sync_type, started_at, id)
GO
CREATE INDEX sync_runs_status ON sync_runs (organization_id, status, started_at, id)
GO
CREATE INDEX sync_runs_runner ON sync_runs (runner_id, started_at, id)
GO

-- Place of an activity among those that its workflow visits, and the bundle that ran it: code that changed under a
-- run in flight is found by them.
ALTER TABLE sync_steps ADD position int NULL
GO
ALTER TABLE sync_steps ADD code_version nvarchar(30) COLLATE Latin1_General_BIN2 NULL
GO

-- What a register or API says there is, as last seen. digest: SHA-256 of what a change is told by. seen_run_id: the
-- run that met it last; a full walk that ends without meeting it sets gone_at.
CREATE TABLE register_entities (
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  register nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  entity_type nvarchar(50) COLLATE Latin1_General_BIN2 NOT NULL,
  code nvarchar(150) COLLATE Latin1_General_BIN2 NOT NULL,
  title nvarchar(400) COLLATE Latin1_General_BIN2 NULL,
  status nvarchar(60) COLLATE Latin1_General_BIN2 NULL,
  superseded_by nvarchar(150) COLLATE Latin1_General_BIN2 NULL,
  attributes_json nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  digest nvarchar(64) COLLATE Latin1_General_BIN2 NOT NULL,
  seen_run_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  first_seen_at datetimeoffset(3) NOT NULL,
  changed_at datetimeoffset(3) NOT NULL,
  refreshed_at datetimeoffset(3) NULL,
  gone_at datetimeoffset(3) NULL,
  CONSTRAINT register_entities_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT register_entities_pk PRIMARY KEY (organization_id, register, entity_type, code)
)
GO
CREATE INDEX register_entities_refresh ON register_entities (organization_id, register, entity_type, refreshed_at)
GO

-- One observed difference in a register; written with the entity, in one transaction.
CREATE TABLE change_events (
  id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  run_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  register nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  event_type nvarchar(50) COLLATE Latin1_General_BIN2 NOT NULL,
  entity_type nvarchar(50) COLLATE Latin1_General_BIN2 NOT NULL,
  entity_code nvarchar(150) COLLATE Latin1_General_BIN2 NOT NULL,
  old_value nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  new_value nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  detail nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  created_at datetimeoffset(3) NOT NULL,
  CONSTRAINT change_events_pk PRIMARY KEY (id),
  CONSTRAINT change_events_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id)
)
GO
CREATE INDEX change_events_feed ON change_events (organization_id, created_at, id)
GO
CREATE INDEX change_events_run ON change_events (run_id, id)
GO
CREATE INDEX change_events_entity ON change_events (organization_id, register, entity_code, created_at)
GO

-- What each cycle found before it was allowed to write: live totals, and whether a fall stopped it.
CREATE TABLE sentinel_log (
  id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  run_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  sync_type nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  target nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  previous_total bigint NULL,
  live_total bigint NOT NULL,
  verdict nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  detail nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  created_at datetimeoffset(3) NOT NULL,
  CONSTRAINT sentinel_log_pk PRIMARY KEY (id),
  CONSTRAINT sentinel_log_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT sentinel_log_verdict_check CHECK (verdict IN ('first', 'ok', 'stopped'))
)
GO
CREATE INDEX sentinel_log_target ON sentinel_log (organization_id, sync_type, target, created_at)
GO
CREATE INDEX sentinel_log_run ON sentinel_log (run_id)
GO

-- Where delta walks and rotating refreshes go on in the next cycle.
CREATE TABLE register_cursors (
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  register nvarchar(30) COLLATE Latin1_General_BIN2 NOT NULL,
  name nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  value_json nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  run_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  updated_at datetimeoffset(3) NOT NULL,
  CONSTRAINT register_cursors_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT register_cursors_pk PRIMARY KEY (organization_id, register, name)
)
GO

-- Which occurrence of a workflow's schedule is expected next: one that passes without its run was never started. A
-- schedule is expected from when it was first seen, so that a new one misses nothing of the past.
CREATE TABLE workflow_schedules (
  organization_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  name nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL, -- the workflow's
  schedule nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
  next_due_at datetimeoffset(3) NOT NULL,
  updated_at datetimeoffset(3) NOT NULL,
  CONSTRAINT workflow_schedules_organization_id_fk FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT workflow_schedules_pk PRIMARY KEY (organization_id, name)
)
GO

-- Views for people with SQL; docs/sql.md has the questions that they answer.
CREATE VIEW workflows AS
  SELECT id, organization_id, sync_type AS name,
    CASE status WHEN 'complete' THEN 'completed' WHEN 'partial' THEN 'completed' WHEN 'stale' THEN 'failed' WHEN 'terminated' THEN 'failed' ELSE status END AS status,
    status AS run_status, payload_json AS payload, result_json AS result, error_tag, pointer, started_at, ended_at, created_at, updated_at
  FROM sync_runs WHERE code_version IS NOT NULL
GO
CREATE VIEW tga_sync_steps AS
  SELECT run_id, step, kind, seq, status, triggered_by, attempts, records_in, records_out, error, started_at, completed_at
  FROM sync_steps WHERE sync_type = 'tga_sync'
GO
CREATE VIEW tga_sync_cursor AS
  SELECT id AS run_id, organization_id, status, pointer AS phase, slice, next_slice_at, updated_at
  FROM sync_runs WHERE sync_type = 'tga_sync'
GO
CREATE VIEW regulatory_events AS
  SELECT id, organization_id, run_id, register, event_type, entity_type, entity_code, old_value, new_value, detail, created_at
  FROM change_events
GO
CREATE VIEW latest_runs AS
  SELECT id, organization_id, sync_type, job_id, runner_id, status, started_at, ended_at, records_in, records_out
  FROM (SELECT sync_runs.*, row_number() OVER (PARTITION BY organization_id, sync_type, job_id ORDER BY started_at DESC, id DESC) AS place FROM sync_runs) AS ranked
  WHERE place = 1
GO
CREATE VIEW failed_steps AS
  SELECT run_id, sync_type, step, status, attempts, error, started_at, completed_at, last_activity_at
  FROM sync_steps WHERE status IN ('failed', 'timed_out', 'error')
GO
