-- Undoes 003_nothing_is_lost.
DROP TABLE notifications;
DROP TABLE notification_channels;
DROP TABLE credential_ages;
DROP TABLE quota_readings;
DROP TABLE maintenance_windows;
DROP TABLE alert_rules;
DROP TABLE sealed_folders;
GO
ALTER TABLE alerts DROP COLUMN source
GO
ALTER TABLE alerts DROP COLUMN cause_alert_id
GO
ALTER TABLE alerts DROP COLUMN facts_json
GO
ALTER TABLE alerts DROP COLUMN runbook
GO
ALTER TABLE alerts DROP COLUMN transition_seq
GO
ALTER TABLE alerts DROP COLUMN reopened_count
GO
ALTER TABLE alerts DROP COLUMN acknowledged_at
GO
ALTER TABLE alerts DROP COLUMN acknowledged_by
GO
ALTER TABLE alerts DROP COLUMN snoozed_until
GO
ALTER TABLE alerts DROP COLUMN resolved_reason
GO
ALTER TABLE jobs DROP COLUMN purge_ahead
GO
ALTER TABLE jobs DROP COLUMN produced_last_hour
GO
ALTER TABLE jobs DROP COLUMN produced_last_day
GO
ALTER TABLE jobs DROP COLUMN produced_peak_hour
GO
ALTER TABLE jobs DROP COLUMN upload_bytes_per_second
GO
ALTER TABLE jobs DROP COLUMN upload_files_per_hour
GO
ALTER TABLE synced_folders DROP COLUMN changed_at
GO
ALTER TABLE synced_folders DROP COLUMN proved_at
GO
