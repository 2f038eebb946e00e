-- Undoes 007_lost_files.
DROP TABLE lost_files;
