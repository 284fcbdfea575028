-- Why: the observatory's log: exchanges with their answers and present state, facts, bodies kept once. Microseconds.
-- +goose Up
CREATE TABLE bodies (
    sha256 TEXT PRIMARY KEY,
    bytes  BYTEA NOT NULL
);

CREATE TABLE exchanges (
    id                BIGINT PRIMARY KEY,
    pos               BIGINT NOT NULL,
    peer              TEXT NOT NULL,
    direction         TEXT NOT NULL,
    kind              TEXT NOT NULL,
    method            TEXT NOT NULL,
    url               TEXT NOT NULL,
    header            BYTEA NOT NULL,
    body_sha256       TEXT NOT NULL,
    body_size         BIGINT NOT NULL,
    body_truncated    BOOLEAN NOT NULL,
    at                BIGINT NOT NULL,
    attempt           BIGINT NOT NULL,
    cause             BIGINT NOT NULL,
    root              BIGINT NOT NULL,
    pair              TEXT NOT NULL,
    made_by_rule      TEXT NOT NULL,
    signer            TEXT NOT NULL,
    activity_id       TEXT NOT NULL,
    activity_type     TEXT NOT NULL,
    actor             TEXT NOT NULL,
    object            TEXT NOT NULL,
    object_type       TEXT NOT NULL,
    in_reply_to       TEXT NOT NULL,
    audience          TEXT NOT NULL,
    excerpt           TEXT NOT NULL,
    haystack          TEXT NOT NULL,
    answered          BOOLEAN NOT NULL DEFAULT FALSE,
    answer_status     BIGINT NOT NULL DEFAULT 0,
    answer_header     BYTEA,
    answer_sha256     TEXT NOT NULL DEFAULT '',
    answer_size       BIGINT NOT NULL DEFAULT 0,
    answer_truncated  BOOLEAN NOT NULL DEFAULT FALSE,
    answer_error      TEXT NOT NULL DEFAULT '',
    answer_took       BIGINT NOT NULL DEFAULT 0,
    carrier           TEXT NOT NULL,
    author            TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    decided_by_rule   TEXT NOT NULL,
    badges            TEXT NOT NULL
);
CREATE INDEX exchanges_by_pos ON exchanges (pos);
CREATE INDEX exchanges_by_root ON exchanges (root, id) WHERE root <> 0;
CREATE INDEX exchanges_by_cause ON exchanges (cause, id) WHERE cause <> 0;
CREATE INDEX exchanges_by_object ON exchanges (object, id) WHERE object <> '';
CREATE INDEX exchanges_by_pair ON exchanges (pair) WHERE pair <> '';

CREATE TABLE facts (
    pos         BIGINT PRIMARY KEY,
    exchange_id BIGINT NOT NULL,
    cause       BIGINT NOT NULL,
    root        BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    rule        TEXT NOT NULL,
    object      TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE INDEX facts_by_exchange ON facts (exchange_id, pos) WHERE exchange_id <> 0;
CREATE INDEX facts_by_object ON facts (object, pos) WHERE object <> '';
CREATE INDEX facts_by_kind ON facts (kind, pos);

CREATE TABLE log_position (
    id   BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO log_position (id, last) VALUES (1, 0);
