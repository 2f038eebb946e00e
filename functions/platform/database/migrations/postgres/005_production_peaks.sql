-- The fullest hour and the fullest 24 h of a job's source, one row a week: what the purge forecast remembers of an instrument over idle
-- nights, weekends and holidays. Weeks are counted from 1970.
CREATE TABLE production_peaks (
  job_id    text NOT NULL REFERENCES jobs (id),
  week      integer NOT NULL,
  peak_hour integer NOT NULL,
  peak_day  integer NOT NULL,
  PRIMARY KEY (job_id, week)
);
