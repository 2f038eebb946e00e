-- Processes under a runner's key before those that previous_nonce and refused_nonce name, newest first, a bounded number: {former, refused}.
-- Any of them that speaks again is noticed, however many there are.
ALTER TABLE runners ADD COLUMN earlier_nonces_json jsonb;
