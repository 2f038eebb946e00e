-- Undoes 008_counted_files.
ALTER TABLE jobs DROP COLUMN counted_by_instrument
GO
