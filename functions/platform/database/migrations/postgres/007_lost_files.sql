-- States of files that vanished from the source before they were archived (SPEC F14): one row a state, however often and by
-- whichever runs it is told, kept for ever as alerts are.
CREATE TABLE lost_files (
  job_id          text NOT NULL REFERENCES jobs (id),
  state_key       bytea NOT NULL, -- SHA-256 of path, size and time; also the key of its row among the run's files, where a later state has that of its path
  path_key        bytea NOT NULL,
  path            text NOT NULL,
  size_bytes      bigint,
  source_mtime_ms bigint,
  run_id          text NOT NULL, -- which told of it first; may have been deleted
  lost_at         timestamptz(3) NOT NULL,
  PRIMARY KEY (job_id, state_key)
);
CREATE INDEX lost_files_run ON lost_files (run_id, path_key); -- what a run lost, by file
