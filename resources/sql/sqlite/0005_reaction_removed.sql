-- A reaction that was taken back keeps its row, so that its setting, when it arrives late, doesn't bring it back.
ALTER TABLE reaction ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;
