-- A message whose first attempt had lost its answer, was sent again and then proved to have arrived before.
ALTER TABLE message ADD COLUMN arrived_twice BOOLEAN NOT NULL DEFAULT FALSE;

-- Attempts whose answer was lost and of which nothing came later: an echo may still be theirs.
CREATE INDEX send_attempt_lost ON send_attempt (request_started_at) WHERE code = 'outcome_unknown' AND platform_id IS NULL;
