-- The fullest hour and the fullest 24 h of a job's source, one row a week: what the purge forecast remembers of an instrument over idle
-- nights, weekends and holidays. Weeks are counted from 1970.
CREATE TABLE production_peaks (
  job_id    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  week      int NOT NULL,
  peak_hour int NOT NULL,
  peak_day  int NOT NULL,
  CONSTRAINT production_peaks_pk PRIMARY KEY (job_id, week),
  CONSTRAINT production_peaks_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id)
);
