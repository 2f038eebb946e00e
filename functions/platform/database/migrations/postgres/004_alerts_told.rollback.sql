UPDATE alerts SET live_key = fingerprint WHERE status <> 'resolved';
DROP INDEX notifications_created;
DROP INDEX alerts_fingerprint;
DROP INDEX alerts_cause;
DROP INDEX alerts_tell_due;
ALTER TABLE alerts DROP COLUMN quiet_since;
ALTER TABLE alerts DROP COLUMN tell_due_at;
ALTER TABLE alerts DROP COLUMN tell_transition;
