-- Undoes 009_earlier_processes.
ALTER TABLE runners DROP COLUMN earlier_nonces_json
GO
