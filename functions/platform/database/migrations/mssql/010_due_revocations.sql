-- Shares whose credentials are to end because an agent lost its rights; a row goes once they have. revocation_id: which decision it was
-- last, so that one that is made meanwhile stays owed.
CREATE TABLE due_revocations (
  share_name    nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  revocation_id nvarchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
  due_at        datetimeoffset(3) NOT NULL, -- when the sweeper tries, again
  CONSTRAINT due_revocations_pk PRIMARY KEY (share_name)
);
