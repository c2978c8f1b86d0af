-- What further platforms tell of a message, beside words and files.
ALTER TABLE attachment ADD COLUMN voice BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE message ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;        -- how often its words were replaced, as the platform counts
ALTER TABLE message ADD COLUMN referral TEXT;                              -- JSON: the advertisement or link it came by
ALTER TABLE message ADD COLUMN detail TEXT;                                -- JSON: what it was in the platform's words
ALTER TABLE message ADD COLUMN forwarded BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE message ADD COLUMN template TEXT;                              -- JSON: the approved template it is sent as, with its values

-- The words a message had before.
CREATE TABLE message_revision (
    message_id  INTEGER NOT NULL REFERENCES message (id),
    n           INTEGER NOT NULL,
    content     TEXT,
    entities    TEXT,                                       -- JSON
    replaced_at INTEGER NOT NULL,                           -- the platform's time
    PRIMARY KEY (message_id, n)
) WITHOUT ROWID;

-- Messages that were taken back before they arrived: when they come they are stored without their content.
CREATE TABLE revoked_message (
    inbox_id  INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, source_id)
) WITHOUT ROWID;
CREATE INDEX revoked_message_age ON revoked_message (at);

-- The approved texts with which an account may begin to write.
CREATE TABLE message_template (
    inbox_id         INTEGER NOT NULL REFERENCES inbox (id),
    name             TEXT NOT NULL,
    language         TEXT NOT NULL,
    template_id      TEXT,
    status           TEXT NOT NULL,                         -- the platform's word
    category         TEXT,
    parameter_format TEXT,                                  -- POSITIONAL or NAMED
    components       TEXT NOT NULL DEFAULT '[]',            -- JSON, as the platform gave it
    rejected_reason  TEXT,
    synced_at        INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, name, language)
) WITHOUT ROWID;

-- An echo or status that brings the key its send gave along finds it by that.
CREATE INDEX send_attempt_key ON send_attempt (idem_key);
