ALTER TABLE synced_folders DROP COLUMN seen_run_id
GO
