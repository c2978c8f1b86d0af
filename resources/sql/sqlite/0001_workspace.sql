-- The workspace: who answers, where customers write to, who they are and what was said.
-- Times are UTC milliseconds, JSON is text. Ids are AUTOINCREMENT, since without it they restart when the newest rows are pruned.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL                          -- JSON
) WITHOUT ROWID;

-- Sealed values (AES-256-GCM under the master key, which is not in the database).
CREATE TABLE secret (
    name   TEXT PRIMARY KEY,                     -- "app:tiktok:app_secret", "inbox:7:access_token"
    sealed BLOB NOT NULL
) WITHOUT ROWID;

-- One application a platform, as registered in its developer portal.
CREATE TABLE app (
    channel    TEXT PRIMARY KEY,
    settings   TEXT NOT NULL,                    -- JSON, never a secret
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE agent (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,
    email        TEXT,
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'agent')),
    availability TEXT NOT NULL DEFAULT 'online',
    avatar_id    INTEGER,
    token_sha256 BLOB UNIQUE,                    -- of the access token; the token itself is not stored
    created_at   INTEGER NOT NULL
);

CREATE TABLE label (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL UNIQUE,
    color TEXT NOT NULL
);

CREATE TABLE inbox (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    channel            TEXT NOT NULL,
    name               TEXT NOT NULL,
    external_id        TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state IN ('active', 'reauthorization_required', 'disabled')),
    state_reason       TEXT,                     -- why it waits for credentials, a word
    settings           TEXT NOT NULL DEFAULT '{}',
    delivery           TEXT NOT NULL CHECK (delivery IN ('webhook', 'poll', 'both')),
    reply_window_hours INTEGER,
    token_expires_at   INTEGER,                  -- of the access token, where the platform says
    refresh_expires_at INTEGER,                  -- of the consent itself: the owner must agree again
    last_webhook_at    INTEGER,
    avatar_id          INTEGER,
    deleted_at         INTEGER,                  -- being taken away in slices; nobody sees it any more
    created_at         INTEGER NOT NULL,
    UNIQUE (channel, external_id)
);

CREATE TABLE contact (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    name              TEXT NOT NULL,
    phone_number      TEXT,
    email             TEXT,
    avatar_id         INTEGER,
    custom_attributes TEXT NOT NULL DEFAULT '{}',
    created_at        INTEGER NOT NULL
);
CREATE INDEX contact_name ON contact (name COLLATE NOCASE, id);

-- A customer's address in one inbox: for TikTok the conversation id, since that is what is written to.
CREATE TABLE contact_inbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    inbox_id   INTEGER NOT NULL REFERENCES inbox (id),
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    source_id  TEXT NOT NULL,
    attributes TEXT NOT NULL DEFAULT '{}',       -- platform's own: customer id, capabilities, pending referral
    profile_at INTEGER,                          -- when name and picture were fetched last
    created_at INTEGER NOT NULL,
    UNIQUE (inbox_id, source_id)
);
CREATE INDEX contact_inbox_contact ON contact_inbox (contact_id);

CREATE TABLE contact_inbox_alias (
    inbox_id         INTEGER NOT NULL REFERENCES inbox (id),
    alias            TEXT NOT NULL,
    contact_inbox_id INTEGER NOT NULL REFERENCES contact_inbox (id),
    PRIMARY KEY (inbox_id, alias)
) WITHOUT ROWID;
CREATE INDEX contact_inbox_alias_target ON contact_inbox_alias (contact_inbox_id);

CREATE TABLE conversation (
    id                     INTEGER PRIMARY KEY AUTOINCREMENT,
    inbox_id               INTEGER NOT NULL REFERENCES inbox (id),
    contact_id             INTEGER NOT NULL REFERENCES contact (id),
    contact_inbox_id       INTEGER NOT NULL REFERENCES contact_inbox (id),
    status                 TEXT NOT NULL CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
    assignee_id            INTEGER REFERENCES agent (id),
    priority               INTEGER NOT NULL DEFAULT 0,      -- 0 none … 4 urgent
    snoozed_until          INTEGER,
    last_message_id        INTEGER,                         -- newest that is no activity
    last_activity_at       INTEGER NOT NULL,
    last_incoming_at       INTEGER,                         -- the platform's time; the reply window follows it
    waiting_since          INTEGER,
    first_reply_created_at INTEGER,
    window_closes_at       INTEGER,                         -- none where the channel has no window or it never opened
    attributes             TEXT NOT NULL DEFAULT '{}',
    created_at             INTEGER NOT NULL
);
-- One open conversation a customer thread, whatever else goes wrong.
CREATE UNIQUE INDEX conversation_open ON conversation (contact_inbox_id) WHERE status <> 'resolved';
CREATE INDEX conversation_thread ON conversation (contact_inbox_id, id);
CREATE INDEX conversation_activity ON conversation (last_activity_at, id);
CREATE INDEX conversation_status_activity ON conversation (status, last_activity_at, id);
CREATE INDEX conversation_inbox_activity ON conversation (inbox_id, last_activity_at, id);
CREATE INDEX conversation_inbox_status_activity ON conversation (inbox_id, status, last_activity_at, id);
CREATE INDEX conversation_assignee_activity ON conversation (assignee_id, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_closing ON conversation (window_closes_at, id) WHERE window_closes_at IS NOT NULL;
CREATE INDEX conversation_created ON conversation (created_at, id);
CREATE INDEX conversation_priority ON conversation (priority, last_activity_at, id);
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE status = 'snoozed' AND snoozed_until IS NOT NULL;
CREATE INDEX conversation_contact ON conversation (contact_id);

CREATE TABLE conversation_label (
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    label_id        INTEGER NOT NULL REFERENCES label (id),
    PRIMARY KEY (conversation_id, label_id)
) WITHOUT ROWID;
CREATE INDEX conversation_label_label ON conversation_label (label_id, conversation_id);

CREATE TABLE message (
    id                     INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id        INTEGER NOT NULL REFERENCES conversation (id),
    inbox_id               INTEGER NOT NULL,                -- the conversation's; no reference, since its check would scan on deleting an inbox
    direction              TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing', 'activity')),
    content                TEXT,
    content_format         TEXT NOT NULL DEFAULT 'plain' CHECK (content_format IN ('plain', 'markdown')),
    entities               TEXT,                            -- JSON
    content_type           TEXT NOT NULL DEFAULT 'text',
    raw_type               TEXT,                            -- the platform's word for an unsupported kind
    private                BOOLEAN NOT NULL DEFAULT FALSE,
    deleted                BOOLEAN NOT NULL DEFAULT FALSE,
    edited_at              INTEGER,
    status                 TEXT CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed')),
    error_code             TEXT,
    error_text             TEXT,
    error_retryable        BOOLEAN NOT NULL DEFAULT FALSE,
    external_echo          BOOLEAN NOT NULL DEFAULT FALSE,
    automatic              BOOLEAN NOT NULL DEFAULT FALSE,  -- written by the platform itself or by a rule: no human reply
    caught_up              BOOLEAN NOT NULL DEFAULT FALSE,
    late                   BOOLEAN NOT NULL DEFAULT FALSE,
    source_id              TEXT,
    in_reply_to            INTEGER,
    in_reply_to_source_id  TEXT,                            -- kept until the quoted message is there
    client_id              TEXT,
    sender_type            TEXT NOT NULL,
    sender_id              INTEGER,
    sender_name            TEXT,                            -- where no row says it: "Sent by another connected tool" …
    activity               TEXT,                            -- JSON of an activity row: {kind, …}
    platform_at            INTEGER,                         -- the platform's time of an own send, known from its echo
    created_at             INTEGER NOT NULL,
    received_at            INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL
);
CREATE UNIQUE INDEX message_source ON message (inbox_id, source_id) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX message_client ON message (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX message_order ON message (conversation_id, created_at, id);
CREATE INDEX message_waiting_reply ON message (inbox_id, in_reply_to_source_id) WHERE in_reply_to IS NULL AND in_reply_to_source_id IS NOT NULL;
-- Own messages whose status may still rise: what a read receipt looks at.
CREATE INDEX message_unread_by_customer ON message (conversation_id, created_at) WHERE direction = 'outgoing' AND status IN ('sent', 'delivered');

CREATE TABLE attachment (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id  INTEGER REFERENCES message (id),            -- none while an upload is not sent yet
    position    INTEGER NOT NULL DEFAULT 0,
    kind        TEXT NOT NULL,
    name        TEXT,
    mime        TEXT,
    size        INTEGER,
    width       INTEGER,
    height      INTEGER,
    duration_ms INTEGER,
    state       TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    error       TEXT,
    blob_sha256 BLOB,
    remote      TEXT,                                       -- JSON: how the platform lets it be fetched
    embed_url   TEXT,
    latitude    REAL,
    longitude   REAL,
    title       TEXT,
    agent_id    INTEGER,                                    -- who uploaded it
    created_at  INTEGER NOT NULL
);
CREATE UNIQUE INDEX attachment_position ON attachment (message_id, position) WHERE message_id IS NOT NULL;
CREATE INDEX attachment_unsent ON attachment (created_at) WHERE message_id IS NULL;
CREATE INDEX attachment_blob ON attachment (blob_sha256) WHERE blob_sha256 IS NOT NULL;

CREATE TABLE reaction (
    message_id  INTEGER NOT NULL REFERENCES message (id),
    sender_key  TEXT NOT NULL,                              -- the platform's id of who reacted
    emoji       TEXT NOT NULL,
    sender_type TEXT NOT NULL,
    sender_id   INTEGER,
    sender_name TEXT,
    reacted_at  INTEGER NOT NULL,
    PRIMARY KEY (message_id, sender_key, emoji)
) WITHOUT ROWID;

-- How far each agent has read a conversation.
CREATE TABLE seen (
    agent_id        INTEGER NOT NULL REFERENCES agent (id),
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    last_message_id INTEGER NOT NULL DEFAULT 0,
    unread_count    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (agent_id, conversation_id)
) WITHOUT ROWID;
CREATE INDEX seen_conversation ON seen (conversation_id);
CREATE INDEX seen_unread ON seen (agent_id, conversation_id, unread_count) WHERE unread_count > 0;

CREATE TABLE draft (
    agent_id        INTEGER NOT NULL REFERENCES agent (id),
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    mode            TEXT NOT NULL CHECK (mode IN ('reply', 'note')),
    content         TEXT NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (agent_id, conversation_id, mode)
) WITHOUT ROWID;
CREATE INDEX draft_conversation ON draft (conversation_id);

-- What changed, numbered in the order of the commits: the sessions' feed.
CREATE TABLE change (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    type      TEXT NOT NULL,
    entity    TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    inbox_id  INTEGER
);

-- Positions of readers: the search index, pollers, the careful start.
CREATE TABLE cursor (
    inbox_id INTEGER NOT NULL DEFAULT 0,                    -- 0: not of one inbox
    scope    TEXT NOT NULL,
    value    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, scope)
) WITHOUT ROWID;
