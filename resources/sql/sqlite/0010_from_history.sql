-- A message that the owner's phone brought along: until it comes by itself it asks for nobody.
ALTER TABLE message ADD COLUMN from_history BOOLEAN NOT NULL DEFAULT FALSE;
