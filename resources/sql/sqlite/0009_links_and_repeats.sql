-- Files that platforms come for long after a send, and whether a request could be repeated as it was.
ALTER TABLE send_attempt ADD COLUMN by_token BOOLEAN NOT NULL DEFAULT FALSE;      -- it carried an answer token instead of its key

CREATE TABLE media_link (
    token      TEXT PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    sha256     BLOB,                                        -- of the stored file
    bytes      BLOB,                                        -- instead of it: a small picture made of one
    name       TEXT NOT NULL,
    mime       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    until      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX media_link_message ON media_link (message_id);
CREATE INDEX media_link_until ON media_link (until);
