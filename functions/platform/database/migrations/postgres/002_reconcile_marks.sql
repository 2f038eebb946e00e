-- Which reconcile last met this folder on the share: at its end, folders of the index that it never met are missing.
ALTER TABLE synced_folders ADD COLUMN seen_run_id text;
