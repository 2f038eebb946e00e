-- Shares whose credentials are to end because an agent lost its rights; a row goes once they have. revocation_id: which decision it was
-- last, so that one that is made meanwhile stays owed.
CREATE TABLE due_revocations (
  share_name    text PRIMARY KEY,
  revocation_id text NOT NULL,
  due_at        timestamptz(3) NOT NULL -- when the sweeper tries, again
);
