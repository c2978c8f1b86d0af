-- Since when an access token is held: some platforms renew only what is a day old.
ALTER TABLE inbox ADD COLUMN token_issued_at INTEGER;
