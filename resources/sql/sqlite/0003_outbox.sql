-- The way out, and all other work that leaves the database: claimed with owner and lease, finished with a fence.

CREATE TABLE outbox (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order within a lane
    message_id         INTEGER NOT NULL UNIQUE REFERENCES message (id),
    inbox_id           INTEGER NOT NULL,
    lane               TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state IN ('scheduled', 'queued', 'sending', 'unknown', 'sent', 'failed')),
    not_before         INTEGER,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_at            INTEGER NOT NULL DEFAULT 0,
    owner              TEXT,
    lease_until        INTEGER,
    idem_key           TEXT NOT NULL,
    request_started_at INTEGER,
    settle_until       INTEGER,                             -- a send whose outcome is unknown is settled until then
    window_ends_at     INTEGER,
    created_at         INTEGER NOT NULL,
    last_class         TEXT,
    last_text          TEXT
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_lane ON outbox (lane, id) WHERE state IN ('queued', 'sending');
CREATE UNIQUE INDEX outbox_sending ON outbox (lane) WHERE state = 'sending';
CREATE INDEX outbox_unknown ON outbox (lane, id) WHERE state = 'unknown';
-- Sent where the platform never says "delivered": counts as that after a while without an error.
CREATE INDEX outbox_deliver ON outbox (next_at) WHERE state = 'sent' AND next_at > 0;

CREATE TABLE send_attempt (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id         INTEGER NOT NULL REFERENCES message (id),
    n                  INTEGER NOT NULL,
    part               INTEGER NOT NULL DEFAULT 0,
    idem_key           TEXT NOT NULL,
    request_started_at INTEGER NOT NULL,
    bytes_sent         BOOLEAN NOT NULL DEFAULT FALSE,
    finished_at        INTEGER,
    http_status        INTEGER,
    code               TEXT,
    text               TEXT,
    request_id         TEXT,                                -- what the platform's support asks for
    platform_id        TEXT
);
CREATE INDEX send_attempt_message ON send_attempt (message_id, n);

CREATE TABLE send_part (
    message_id  INTEGER NOT NULL REFERENCES message (id),
    part        INTEGER NOT NULL,
    inbox_id    INTEGER NOT NULL,
    platform_id TEXT,
    status      TEXT NOT NULL,
    PRIMARY KEY (message_id, part)
) WITHOUT ROWID;
CREATE UNIQUE INDEX send_part_platform ON send_part (inbox_id, platform_id) WHERE platform_id IS NOT NULL;

-- Fetching media, profiles, pictures, lists: outside the lanes, and it survives a crash.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    inbox_id    INTEGER NOT NULL,
    entity      TEXT NOT NULL,
    entity_id   INTEGER NOT NULL,
    payload     TEXT NOT NULL DEFAULT '{}',
    state       TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'dead')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL DEFAULT 0,
    owner       TEXT,
    lease_until INTEGER,
    error_class TEXT,
    error_text  TEXT,
    finished_at INTEGER
);
CREATE INDEX job_due ON job (next_at) WHERE state = 'pending';
CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX job_once ON job (kind, entity, entity_id) WHERE state IN ('pending', 'running');
CREATE INDEX job_finished ON job (finished_at) WHERE state IN ('done', 'dead');

-- What may run only once at a time: token refresh, pollers.
CREATE TABLE lease (
    key         TEXT PRIMARY KEY,
    owner       TEXT NOT NULL,
    lease_until INTEGER NOT NULL
) WITHOUT ROWID;

-- Consents under way: a state is good once.
CREATE TABLE oauth_state (
    jti          TEXT PRIMARY KEY,
    channel      TEXT NOT NULL,
    inbox_id     INTEGER,                                   -- on reconnect
    redirect_uri TEXT NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID;
