-- Undoes 010_due_revocations.
DROP TABLE due_revocations;
