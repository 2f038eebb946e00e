-- What people still have to be told of an alert: the transition that is owed and from when on; while an alert that explains it is live, it has no time.
-- quiet_since: the problem of an alert that comes and goes is not met any more since then; it stays open until it was quiet for long enough.
ALTER TABLE alerts ADD tell_transition nvarchar(30) COLLATE Latin1_General_BIN2 NULL
GO
ALTER TABLE alerts ADD tell_due_at datetimeoffset(3) NULL
GO
ALTER TABLE alerts ADD quiet_since datetimeoffset(3) NULL
GO
-- For the sweeper of what is owed.
CREATE INDEX alerts_tell_due ON alerts (tell_due_at)
GO
-- For the effects of an alert.
CREATE INDEX alerts_cause ON alerts (cause_alert_id)
GO
-- Whether the same problem was resolved a short while ago.
CREATE INDEX alerts_fingerprint ON alerts (organization_id, fingerprint, resolved_at)
GO
-- For the outbox's page, and for how many were told in the last minutes.
CREATE INDEX notifications_created ON notifications (organization_id, created_at)
GO
-- The live key names the organization too: two organizations may have the same problem.
UPDATE alerts SET live_key = organization_id + N' ' + fingerprint WHERE status <> 'resolved'
GO
