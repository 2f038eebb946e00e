-- The agent's last count of all files that the instrument's cap counts, where some of them are not the job's (its globs leave them out):
-- the purge forecast reckons free places from it. Null: they are the job's, and source_count is their number.
ALTER TABLE jobs ADD counted_by_instrument int NULL
GO
