-- A message whose first attempt had lost its answer, was sent again and then proved to have arrived before.
ALTER TABLE message ADD COLUMN arrived_twice BOOLEAN NOT NULL DEFAULT FALSE;
