-- The way in: raw deliveries, the events in them, and what is set aside.

CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    inbox_id    INTEGER,                                    -- none where one route serves many inboxes
    channel     TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    source      TEXT NOT NULL CHECK (source IN ('hook', 'poll', 'replay', 'relay')),
    headers     TEXT NOT NULL,                              -- JSON, without credentials
    body        BLOB,                                       -- pruned after a while
    body_sha256 BLOB NOT NULL,
    stale       BOOLEAN NOT NULL DEFAULT FALSE,
    split_state TEXT NOT NULL CHECK (split_state IN ('pending', 'done', 'dead')),
    split_error TEXT
);
CREATE INDEX delivery_unsplit ON delivery (id) WHERE split_state = 'pending';
CREATE INDEX delivery_dead ON delivery (id) WHERE split_state = 'dead';
CREATE INDEX delivery_received ON delivery (received_at) WHERE body IS NOT NULL;

CREATE TABLE event (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,     -- the order within a lane
    delivery_id      INTEGER NOT NULL,
    inbox_id         INTEGER NOT NULL,
    lane             TEXT NOT NULL,
    dedupe_key       TEXT NOT NULL,
    kind             TEXT NOT NULL,
    target           TEXT,                                  -- source id that a status, edit or reaction waits for
    platform_ts      INTEGER,
    received_at      INTEGER NOT NULL,
    payload          TEXT,                                  -- JSON of the single event
    state            TEXT NOT NULL CHECK (state IN ('pending', 'done', 'parked', 'dead', 'ignored')),
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_at          INTEGER NOT NULL DEFAULT 0,
    error_class      TEXT,
    error_text       TEXT,
    result_entity_id INTEGER,
    finished_at      INTEGER,
    UNIQUE (inbox_id, dedupe_key)
);
CREATE INDEX event_head ON event (lane, id) WHERE state = 'pending';
CREATE INDEX event_parked_lane ON event (lane, id) WHERE state = 'parked';
CREATE INDEX event_parked_due ON event (next_at) WHERE state = 'parked';
CREATE INDEX event_parked_target ON event (inbox_id, target) WHERE state = 'parked' AND target IS NOT NULL;
CREATE INDEX event_dead ON event (id) WHERE state = 'dead';
CREATE INDEX event_finished ON event (finished_at) WHERE state IN ('done', 'ignored');

-- Keys that must never come back: discarded by a person, or of deleted messages.
CREATE TABLE tombstone (
    inbox_id   INTEGER NOT NULL,
    dedupe_key TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, dedupe_key)
) WITHOUT ROWID;

-- Counters of the intake, by inbox (0: none known): received, duplicates, processed, ignored, stale, unknown_account …
CREATE TABLE intake_counter (
    inbox_id INTEGER NOT NULL,
    name     TEXT NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, name)
) WITHOUT ROWID;

-- A time the machine was away.
CREATE TABLE gap (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    inbox_id  INTEGER NOT NULL,
    from_ts   INTEGER NOT NULL,
    to_ts     INTEGER,
    cause     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('open', 'recovered', 'partial', 'unrecoverable')),
    recovered INTEGER NOT NULL DEFAULT 0,
    note      TEXT
);
