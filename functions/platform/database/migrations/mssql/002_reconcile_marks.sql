-- Which reconcile last met this folder on the share: at its end, folders of the index that it never met are missing.
ALTER TABLE synced_folders ADD seen_run_id nvarchar(100) COLLATE Latin1_General_BIN2 NULL
GO
