UPDATE alerts SET live_key = fingerprint WHERE status <> 'resolved'
GO
DROP INDEX notifications_created ON notifications
GO
DROP INDEX alerts_fingerprint ON alerts
GO
DROP INDEX alerts_cause ON alerts
GO
DROP INDEX alerts_tell_due ON alerts
GO
ALTER TABLE alerts DROP COLUMN quiet_since
GO
ALTER TABLE alerts DROP COLUMN tell_due_at
GO
ALTER TABLE alerts DROP COLUMN tell_transition
GO
