-- The archive's tables: who may do what, which instruments there are, what ran, and what is known to be safe.
-- Rows that belong to a customer carry organization_id. Times are instants of the platform's clock unless a
-- column says otherwise; times that come from a source file are whole milliseconds since 1970 (bigint).
-- Integer `version` columns are for compare-and-set: every writer that decides from what it read checks them.

CREATE TABLE organizations (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  created_at  timestamptz(3) NOT NULL
);

-- Operators. Local accounts have a password_hash (scrypt, with its parameters in the text); accounts of an
-- identity provider have none. email_key is the address in lower case: one account an address.
CREATE TABLE users (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  email           text NOT NULL,
  email_key       text NOT NULL UNIQUE,
  display_name    text NOT NULL,
  role            text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  password_hash   text,
  disabled_at     timestamptz(3),
  created_at      timestamptz(3) NOT NULL,
  updated_at      timestamptz(3) NOT NULL
);

-- Server-side sessions: the cookie holds a random token, this table only its SHA-256 (hex).
CREATE TABLE sessions (
  token_hash   char(64) PRIMARY KEY,
  user_id      text NOT NULL REFERENCES users (id),
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires_at); -- the sign-in clears what has expired

-- Personal tokens for command lines; again only the SHA-256 is kept. The role caps what the token may do.
CREATE TABLE api_tokens (
  id           text PRIMARY KEY,
  user_id      text NOT NULL REFERENCES users (id),
  name         text NOT NULL,
  token_hash   char(64) NOT NULL UNIQUE,
  role         text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3),
  revoked_at   timestamptz(3),
  last_used_at timestamptz(3)
);

CREATE TABLE runner_groups (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  name            text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  UNIQUE (organization_id, name)
);

-- An instrument PC as the server knows it. key_hash is the SHA-256 (hex) of the key that the agent made itself;
-- null until a first approval. key_slot is never null so that it can be unique on both databases: the key hash,
-- or the runner's id while there is none. generation rises with every approval: results of an older generation
-- are refused. The three nonces tell a restart (the old process is silent) from a clone (both speak).
CREATE TABLE runners (
  id                 text PRIMARY KEY,
  organization_id    text NOT NULL REFERENCES organizations (id),
  group_id           text REFERENCES runner_groups (id),
  name               text NOT NULL,
  host_name          text NOT NULL,
  platform           text NOT NULL,
  time_zone          text NOT NULL,
  status             text NOT NULL CHECK (status IN ('active', 'disabled')),
  generation         integer NOT NULL,
  key_hash           char(64),
  key_slot           text NOT NULL UNIQUE,
  share_name         text NOT NULL,
  agent_version      text,
  address            text,
  instance_nonce     text,             -- the live process
  previous_nonce     text,             -- the one it took over from; if that one speaks again, there are two
  refused_nonce      text,             -- the younger of two, refused from then on
  instance_seen_at   timestamptz(3),
  last_heartbeat     timestamptz(3),
  active_jobs        integer,          -- of the last heartbeat that carried it; the audit looks at it
  azure_files_status text,             -- ok, auth_failure, unreachable, throttled, full
  clock_offset_ms    bigint,           -- agent's clock minus ours at the last heartbeat
  heartbeat_json     jsonb,            -- the last heartbeat's body, for people
  credential_expires_at timestamptz(3),
  version            integer NOT NULL,
  created_at         timestamptz(3) NOT NULL,
  updated_at         timestamptz(3) NOT NULL
);
CREATE INDEX runners_organization ON runners (organization_id, name); -- the fleet page

-- Agents that ask to be let in. Bounded in number and in time (expires_at); a decided row stays as history.
CREATE TABLE enrolments (
  id                 text PRIMARY KEY,
  organization_id    text NOT NULL REFERENCES organizations (id),
  key_hash           char(64) NOT NULL UNIQUE,
  pairing_code       text NOT NULL,
  requested_runner_id text,            -- fixed in the agent's configuration: a rebuilt PC that wants its old name
  replaces_runner_id text,             -- the runner this would replace, as seen when it asked
  runner_id          text,             -- the runner it became
  host_name          text NOT NULL,
  platform           text NOT NULL,
  time_zone          text NOT NULL,
  agent_version      text NOT NULL,
  address            text NOT NULL,
  proposed_jobs_json jsonb NOT NULL,   -- what the agent's configuration says it would archive
  status             text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'superseded')),
  created_at         timestamptz(3) NOT NULL,
  last_seen_at       timestamptz(3) NOT NULL,
  expires_at         timestamptz(3) NOT NULL,
  decided_at         timestamptz(3),
  decided_by         text,
  version            integer NOT NULL
);
CREATE INDEX enrolments_status ON enrolments (status, created_at); -- the pending page and the bound

-- A configured file sync. config_version rises when an operator changes it: agents fetch it again.
-- The source_* columns are what the agent last reported: the source gauge and the purge forecast read them.
CREATE TABLE jobs (
  id                  text PRIMARY KEY,
  organization_id     text NOT NULL REFERENCES organizations (id),
  runner_id           text NOT NULL REFERENCES runners (id),
  name                text NOT NULL,
  kind                text NOT NULL CHECK (kind IN ('geometry', 'tree')),
  source_path         text NOT NULL,
  share_name          text NOT NULL,
  share_path          text NOT NULL,
  schedule_seconds    integer NOT NULL,
  include_json        jsonb NOT NULL,
  exclude_json        jsonb NOT NULL,
  source_cap          integer,
  enabled             boolean NOT NULL,
  paused_reason       text,            -- set when a guard stopped the job; an operator clears it
  config_version      integer NOT NULL,
  source_count        integer,
  source_bytes        bigint,
  backlog_count       integer,
  backlog_bytes       bigint,
  oldest_unsynced_ms  bigint,          -- source time of the oldest file that is not in the state index
  source_reported_at  timestamptz(3),
  version             integer NOT NULL,
  created_at          timestamptz(3) NOT NULL,
  updated_at          timestamptz(3) NOT NULL,
  UNIQUE (runner_id, name)
);

-- Orders to agents; they ride on the heartbeat's answer until the agent acknowledges them by id.
CREATE TABLE runner_commands (
  id              text PRIMARY KEY,
  runner_id       text NOT NULL REFERENCES runners (id),
  job_id          text REFERENCES jobs (id),
  kind            text NOT NULL,
  payload_json    jsonb NOT NULL,
  requested_by    text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  delivered_at    timestamptz(3),
  acknowledged_at timestamptz(3)
);
CREATE INDEX runner_commands_open ON runner_commands (runner_id, acknowledged_at, created_at); -- the heartbeat

-- One execution of any sync. live_key makes "one live run a job" a constraint on both databases: it is the
-- job's (or reconcile's, or cycle's) key while the run is live and the run's own id afterwards.
-- slice, lease_token, lease_until, next_slice_at: the work of a run made of slices; a slice is claimed by
-- compare-and-set on its number with a fresh token, and every result is stored only under that token.
CREATE TABLE sync_runs (
  id                text COLLATE "C" PRIMARY KEY, -- searched by prefix
  organization_id   text NOT NULL REFERENCES organizations (id),
  sync_type         text NOT NULL,
  job_id            text REFERENCES jobs (id),
  runner_id         text REFERENCES runners (id),
  correlation_id    text NOT NULL,
  live_key          text NOT NULL UNIQUE,
  status            text NOT NULL CHECK (status IN ('running', 'paused', 'complete', 'partial', 'failed', 'stale', 'terminated')),
  status_reason     text,
  trigger_kind      text NOT NULL CHECK (trigger_kind IN ('cron', 'manual', 'agent')),
  triggered_by      text,
  generation        integer,           -- of the runner when the run began
  payload_json      jsonb NOT NULL,
  result_json       jsonb,
  files_examined    integer NOT NULL,  -- what the agent saw on the source
  files_needed      integer NOT NULL,  -- asked for by compare
  files_archived    integer NOT NULL,  -- counted from sync_run_files, never incremented
  files_skipped     integer NOT NULL,
  files_failed      integer NOT NULL,
  bytes_archived    bigint NOT NULL,
  expected_results  integer,           -- named by the closing chunk of complete
  slice             integer NOT NULL,
  lease_token       text,
  lease_until       timestamptz(3),
  next_slice_at     timestamptz(3),
  slice_attempts    integer NOT NULL,
  started_at        timestamptz(3) NOT NULL,
  ended_at          timestamptz(3),
  last_activity_at  timestamptz(3) NOT NULL,
  version           integer NOT NULL,
  created_at        timestamptz(3) NOT NULL,
  updated_at        timestamptz(3) NOT NULL,
  UNIQUE (correlation_id, sync_type)
);
CREATE INDEX sync_runs_feed ON sync_runs (organization_id, started_at, id);      -- runs page, newest first
CREATE INDEX sync_runs_job ON sync_runs (job_id, sync_type, started_at);         -- latest run of a job; audit
CREATE INDEX sync_runs_activity ON sync_runs (status, last_activity_at);         -- orphans
CREATE INDEX sync_runs_slices ON sync_runs (next_slice_at);                      -- dispatch

-- One phase of a run. Written by one function only, by upsert on the key: error is overwritten, never kept.
CREATE TABLE sync_steps (
  run_id           text COLLATE "C" NOT NULL REFERENCES sync_runs (id),
  sync_type        text NOT NULL,
  step             text NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('init', 'work', 'baseline', 'failure')),
  seq              integer,            -- given when the step leaves pending; the highest is the latest
  status           text NOT NULL CHECK (status IN ('pending', 'running', 'complete', 'failed', 'timed_out', 'error', 'not_implemented')),
  triggered_by     text,
  attempts         integer NOT NULL,
  records_in       bigint,
  records_out      bigint,
  error            text,
  cursor_json      jsonb,              -- where the next slice of this step goes on
  result_json      jsonb,
  started_at       timestamptz(3),
  completed_at     timestamptz(3),
  last_activity_at timestamptz(3) NOT NULL,
  PRIMARY KEY (run_id, sync_type, step)
);

-- What happened to each file in a run. path_key: SHA-256 of the folded path (see shared/domain/paths).
CREATE TABLE sync_run_files (
  run_id           text COLLATE "C" NOT NULL REFERENCES sync_runs (id),
  path_key         bytea NOT NULL,
  path             text NOT NULL,
  outcome          text NOT NULL,      -- shared/domain/outcomes lists them
  state            text NOT NULL CHECK (state IN ('waiting', 'uploading', 'archived', 'skipped', 'failed')),
  size_bytes       bigint,
  source_mtime_ms  bigint,
  archived_path    text,
  checksum         char(64),           -- SHA-256, hex
  bytes_sent       bigint NOT NULL,
  attempts         integer NOT NULL,
  error            text,
  updated_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (run_id, path_key)
);
CREATE INDEX sync_run_files_state ON sync_run_files (run_id, state); -- totals are counted from here

-- The state index: one row for each whole file on the share. path is the file's path under the job's share path;
-- source_key points at the source file it holds (more than one row when the source changed after archiving).
CREATE TABLE synced_files (
  job_id           text NOT NULL REFERENCES jobs (id),
  path_key         bytea NOT NULL,
  path             text NOT NULL,
  source_key       bytea NOT NULL,
  source_path      text NOT NULL,
  folder_key       bytea NOT NULL,     -- of the source file's folder
  size_bytes       bigint NOT NULL,
  source_mtime_ms  bigint NOT NULL,
  checksum         char(64),           -- null only after a reconcile, until it is filled in lazily
  etag             text NOT NULL,
  share_modified_at timestamptz(3) NOT NULL, -- the share's Last-Modified when the row was written; older results lose
  run_id           text,
  created_at       timestamptz(3) NOT NULL,
  updated_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (job_id, path_key)
);
CREATE INDEX synced_files_source ON synced_files (job_id, source_key);  -- compare
CREATE INDEX synced_files_folder ON synced_files (job_id, folder_key);  -- folder digests

-- digest is set only by compare-and-set on generation, and means: the state index held every file of that folder
-- with that size and time. Removing or replacing a row of the folder raises generation and clears digest.
CREATE TABLE synced_folders (
  job_id      text NOT NULL REFERENCES jobs (id),
  folder_key  bytea NOT NULL,
  folder      text NOT NULL,
  digest      char(64),
  file_count  integer NOT NULL,
  generation  integer NOT NULL,
  updated_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (job_id, folder_key)
);

-- A state change of anything is a row: runs, runners, alerts.
CREATE TABLE state_changes (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  subject_type    text NOT NULL,
  subject_id      text NOT NULL,
  old_state       text,
  new_state       text NOT NULL,
  reason          text NOT NULL,
  created_at      timestamptz(3) NOT NULL
);
CREATE INDEX state_changes_subject ON state_changes (subject_type, subject_id, created_at);

-- Open problems. live_key as in sync_runs: the fingerprint while it is unresolved, the id afterwards.
CREATE TABLE alerts (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  fingerprint     text NOT NULL,
  live_key        text NOT NULL UNIQUE,
  severity        text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  class           text NOT NULL,
  title           text NOT NULL,
  detail          text NOT NULL,
  status          text NOT NULL CHECK (status IN ('open', 'acknowledged', 'resolved')),
  seen_count      integer NOT NULL,
  runner_id       text,
  job_id          text,
  opened_at       timestamptz(3) NOT NULL,
  last_seen_at    timestamptz(3) NOT NULL,
  resolved_at     timestamptz(3),
  version         integer NOT NULL
);
CREATE INDEX alerts_open ON alerts (organization_id, status, severity);

-- Every tick of every timer; the primary key is the claim: two instances never both act.
CREATE TABLE timer_ticks (
  timer_name  text NOT NULL,
  due_at      timestamptz(3) NOT NULL,
  instance_id text NOT NULL,
  started_at  timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  examined    integer,
  changed     integer,
  error       text,
  PRIMARY KEY (timer_name, due_at)
);

CREATE TABLE audit_results (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  trigger_kind    text NOT NULL,
  requested_by    text NOT NULL,
  min_version     text,
  verdict         text NOT NULL CHECK (verdict IN ('pass', 'warn', 'fail', 'error')),
  checks_json     jsonb NOT NULL,
  started_at      timestamptz(3) NOT NULL,
  finished_at     timestamptz(3) NOT NULL
);
CREATE INDEX audit_results_recent ON audit_results (organization_id, started_at);

-- Who did what. Never pruned, never updated.
CREATE TABLE audit_log (
  id              text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organizations (id),
  actor_kind      text NOT NULL,   -- user, token, agent, ci, system
  actor           text NOT NULL,
  action          text NOT NULL,
  subject_type    text NOT NULL,
  subject_id      text NOT NULL,
  detail_json     jsonb NOT NULL,
  correlation_id  text,
  created_at      timestamptz(3) NOT NULL
);
CREATE INDEX audit_log_recent ON audit_log (organization_id, created_at, id);
