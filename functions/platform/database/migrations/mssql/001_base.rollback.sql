-- Drops everything that 001_base made, children before parents.
DROP TABLE audit_log;
DROP TABLE audit_results;
DROP TABLE timer_ticks;
DROP TABLE alerts;
DROP TABLE state_changes;
DROP TABLE synced_folders;
DROP TABLE synced_files;
DROP TABLE sync_run_files;
DROP TABLE sync_steps;
DROP TABLE sync_runs;
DROP TABLE runner_commands;
DROP TABLE jobs;
DROP TABLE enrolments;
DROP TABLE runners;
DROP TABLE runner_groups;
DROP TABLE api_tokens;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE organizations;
GO
