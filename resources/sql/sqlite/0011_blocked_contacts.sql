-- Since when nobody is told of what this customer writes: an agent has blocked them.
ALTER TABLE contact ADD COLUMN blocked_at INTEGER;
CREATE INDEX contact_blocked ON contact (name COLLATE NOCASE, id) WHERE blocked_at IS NOT NULL;
