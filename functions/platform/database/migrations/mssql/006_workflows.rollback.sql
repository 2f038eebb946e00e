DROP VIEW failed_steps
GO
DROP VIEW latest_runs
GO
DROP VIEW regulatory_events
GO
DROP VIEW tga_sync_cursor
GO
DROP VIEW tga_sync_steps
GO
DROP VIEW workflows
GO
DROP TABLE workflow_schedules
GO
DROP TABLE register_cursors
GO
DROP TABLE sentinel_log
GO
DROP TABLE change_events
GO
DROP TABLE register_entities
GO
ALTER TABLE sync_steps DROP COLUMN code_version
GO
ALTER TABLE sync_steps DROP COLUMN position
GO
DROP INDEX sync_runs_runner ON sync_runs
GO
DROP INDEX sync_runs_status ON sync_runs
GO
DROP INDEX sync_runs_type ON sync_runs
GO
ALTER TABLE sync_runs DROP COLUMN progress_at
GO
ALTER TABLE sync_runs DROP COLUMN doubt
GO
ALTER TABLE sync_runs DROP COLUMN records_out
GO
ALTER TABLE sync_runs DROP COLUMN records_in
GO
ALTER TABLE sync_runs DROP COLUMN error_tag
GO
ALTER TABLE sync_runs DROP COLUMN pointer
GO
ALTER TABLE sync_runs DROP COLUMN code_version
GO
