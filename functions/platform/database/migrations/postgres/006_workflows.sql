-- Durable workflows and register syncs: what a run of activities remembers beside its steps, and what registers hold.

-- code_version: the bundle that a durable workflow began on; null for runs that are no workflow.
ALTER TABLE sync_runs ADD COLUMN code_version text;
-- The activity at which the next slice goes on; the phase pointer of a register cycle.
ALTER TABLE sync_runs ADD COLUMN pointer text;
-- Tag of the ApiError that failed the run: bulk retry and alerts go by it.
ALTER TABLE sync_runs ADD COLUMN error_tag text;
-- Sums over the steps of work, counted with every write of a step: the feed shows them.
ALTER TABLE sync_runs ADD COLUMN records_in bigint;
ALTER TABLE sync_runs ADD COLUMN records_out bigint;
-- Why a run that succeeded is not to be believed (nothing or abnormally little read): it is partial.
ALTER TABLE sync_runs ADD COLUMN doubt text;
-- When an activity or page was last stored: a run that only repeats itself moves last_activity_at, but not this.
ALTER TABLE sync_runs ADD COLUMN progress_at timestamptz(3);
CREATE INDEX sync_runs_type ON sync_runs (organization_id, sync_type, started_at, id); -- feed by type; latest runs of a type
CREATE INDEX sync_runs_status ON sync_runs (organization_id, status, started_at, id);  -- feed by status; failed runs
CREATE INDEX sync_runs_runner ON sync_runs (runner_id, started_at, id); -- feed by instrument, also one that was retired long ago

-- Place of an activity among those that its workflow visits, and the bundle that ran it: code that changed under a
-- run in flight is found by them.
ALTER TABLE sync_steps ADD COLUMN position integer;
ALTER TABLE sync_steps ADD COLUMN code_version text;

-- What a register or API says there is, as last seen. digest: SHA-256 of what a change is told by. seen_run_id: the
-- run that met it last; a full walk that ends without meeting it sets gone_at.
CREATE TABLE register_entities (
  organization_id text NOT NULL REFERENCES organizations (id),
  register        text NOT NULL,
  entity_type     text NOT NULL,
  code            text COLLATE "C" NOT NULL,
  title           text,
  status          text,
  superseded_by   text,
  attributes_json jsonb NOT NULL,
  digest          char(64) NOT NULL,
  seen_run_id     text NOT NULL,
  first_seen_at   timestamptz(3) NOT NULL,
  changed_at      timestamptz(3) NOT NULL,
  refreshed_at    timestamptz(3), -- when its details were last fetched; null: never
  gone_at         timestamptz(3),
  PRIMARY KEY (organization_id, register, entity_type, code)
);
CREATE INDEX register_entities_refresh ON register_entities (organization_id, register, entity_type, refreshed_at); -- rotating refresh: longest ago first

-- One observed difference in a register; written with the entity, in one transaction.
CREATE TABLE change_events (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  run_id          text NOT NULL,
  register        text NOT NULL,
  event_type      text NOT NULL, -- shared/domain/registerChanges lists them
  entity_type     text NOT NULL,
  entity_code     text NOT NULL,
  old_value       text,
  new_value       text,
  detail          text,
  created_at      timestamptz(3) NOT NULL
);
CREATE INDEX change_events_feed ON change_events (organization_id, created_at, id); -- the feed, newest first
CREATE INDEX change_events_run ON change_events (run_id, id);                       -- what changed in one cycle
CREATE INDEX change_events_entity ON change_events (organization_id, register, entity_code, created_at); -- history of one entity

-- What each cycle found before it was allowed to write: live totals, and whether a fall stopped it.
CREATE TABLE sentinel_log (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  run_id          text NOT NULL,
  sync_type       text NOT NULL,
  target          text NOT NULL,
  previous_total  bigint,
  live_total      bigint NOT NULL,
  verdict         text NOT NULL CHECK (verdict IN ('first', 'ok', 'stopped')),
  detail          text,
  created_at      timestamptz(3) NOT NULL
);
CREATE INDEX sentinel_log_target ON sentinel_log (organization_id, sync_type, target, created_at); -- the total before
CREATE INDEX sentinel_log_run ON sentinel_log (run_id);

-- Where delta walks and rotating refreshes go on in the next cycle.
CREATE TABLE register_cursors (
  organization_id text NOT NULL REFERENCES organizations (id),
  register        text NOT NULL,
  name            text NOT NULL,
  value_json      jsonb NOT NULL,
  run_id          text NOT NULL,
  updated_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, register, name)
);

-- Which occurrence of a workflow's schedule is expected next: one that passes without its run was never started. A
-- schedule is expected from when it was first seen, so that a new one misses nothing of the past.
CREATE TABLE workflow_schedules (
  organization_id text NOT NULL REFERENCES organizations (id),
  name            text COLLATE "C" NOT NULL, -- the workflow's
  schedule        text NOT NULL,
  next_due_at     timestamptz(3) NOT NULL,
  updated_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- Views for people with SQL; docs/sql.md has the questions that they answer.
CREATE VIEW workflows AS
  SELECT id, organization_id, sync_type AS name,
    CASE status WHEN 'complete' THEN 'completed' WHEN 'partial' THEN 'completed' WHEN 'stale' THEN 'failed' WHEN 'terminated' THEN 'failed' ELSE status END AS status,
    status AS run_status, payload_json AS payload, result_json AS result, error_tag, pointer, started_at, ended_at, created_at, updated_at
  FROM sync_runs WHERE code_version IS NOT NULL;
CREATE VIEW tga_sync_steps AS
  SELECT run_id, step, kind, seq, status, triggered_by, attempts, records_in, records_out, error, started_at, completed_at
  FROM sync_steps WHERE sync_type = 'tga_sync';
CREATE VIEW tga_sync_cursor AS
  SELECT id AS run_id, organization_id, status, pointer AS phase, slice, next_slice_at, updated_at
  FROM sync_runs WHERE sync_type = 'tga_sync';
CREATE VIEW regulatory_events AS
  SELECT id, organization_id, run_id, register, event_type, entity_type, entity_code, old_value, new_value, detail, created_at
  FROM change_events;
CREATE VIEW latest_runs AS
  SELECT id, organization_id, sync_type, job_id, runner_id, status, started_at, ended_at, records_in, records_out
  FROM (SELECT sync_runs.*, row_number() OVER (PARTITION BY organization_id, sync_type, job_id ORDER BY started_at DESC, id DESC) AS place FROM sync_runs) AS ranked
  WHERE place = 1;
CREATE VIEW failed_steps AS
  SELECT run_id, sync_type, step, status, attempts, error, started_at, completed_at, last_activity_at
  FROM sync_steps WHERE status IN ('failed', 'timed_out', 'error');
