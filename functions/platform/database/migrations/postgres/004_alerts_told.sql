-- What people still have to be told of an alert: the transition that is owed and from when on; while an alert that explains it is live, it has no time.
-- quiet_since: the problem of an alert that comes and goes is not met any more since then; it stays open until it was quiet for long enough.
ALTER TABLE alerts ADD COLUMN tell_transition text;
ALTER TABLE alerts ADD COLUMN tell_due_at timestamptz(3);
ALTER TABLE alerts ADD COLUMN quiet_since timestamptz(3);
-- For the sweeper of what is owed.
CREATE INDEX alerts_tell_due ON alerts (tell_due_at);
-- For the effects of an alert.
CREATE INDEX alerts_cause ON alerts (cause_alert_id);
-- Whether the same problem was resolved a short while ago.
CREATE INDEX alerts_fingerprint ON alerts (organization_id, fingerprint, resolved_at);
-- For the outbox's page, and for how many were told in the last minutes.
CREATE INDEX notifications_created ON notifications (organization_id, created_at);
-- The live key names the organization too: two organizations may have the same problem.
UPDATE alerts SET live_key = organization_id || ' ' || fingerprint WHERE status <> 'resolved';
