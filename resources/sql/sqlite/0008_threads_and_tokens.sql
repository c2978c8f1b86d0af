-- What platforms want to hear again of a message, messages that came as one, and customers with several threads in one inbox.
ALTER TABLE message ADD COLUMN tokens TEXT;                                -- JSON: what the platform wants to hear when it is quoted or read
ALTER TABLE message ADD COLUMN group_id TEXT;                              -- of an album: its messages have the same one
ALTER TABLE contact_inbox ADD COLUMN person TEXT;                          -- the same for all threads of one person in the inbox
CREATE INDEX contact_inbox_person ON contact_inbox (inbox_id, person) WHERE person IS NOT NULL;

-- Further ids of a message that the platform made several of.
CREATE TABLE message_alias (
    inbox_id   INTEGER NOT NULL,
    source_id  TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (inbox_id, source_id)
) WITHOUT ROWID;
CREATE INDEX message_alias_message ON message_alias (message_id);

-- The newest token of a thread that is good for one answer.
CREATE TABLE reply_token (
    contact_inbox_id INTEGER NOT NULL REFERENCES contact_inbox (id),
    token            TEXT NOT NULL,
    at               INTEGER NOT NULL,                      -- when it came
    used_at          INTEGER,
    PRIMARY KEY (contact_inbox_id)
) WITHOUT ROWID;
