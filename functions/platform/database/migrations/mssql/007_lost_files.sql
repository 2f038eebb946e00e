-- States of files that vanished from the source before they were archived (SPEC F14): one row a state, however often and by
-- whichever runs it is told, kept for ever as alerts are.
CREATE TABLE lost_files (
  job_id          nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  state_key       binary(32) NOT NULL, -- SHA-256 of path, size and time; also the key of its row among the run's files, where a later state has that of its path
  path_key        binary(32) NOT NULL,
  path            nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  size_bytes      bigint NULL,
  source_mtime_ms bigint NULL,
  run_id          nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL, -- which told of it first; may have been deleted
  lost_at         datetimeoffset(3) NOT NULL,
  CONSTRAINT lost_files_pk PRIMARY KEY (job_id, state_key),
  CONSTRAINT lost_files_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id)
)
GO
CREATE INDEX lost_files_run ON lost_files (run_id, path_key)
GO
