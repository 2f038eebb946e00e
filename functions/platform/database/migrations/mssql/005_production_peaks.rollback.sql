-- Undoes 005_production_peaks.
DROP TABLE production_peaks;
