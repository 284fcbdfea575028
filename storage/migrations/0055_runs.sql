-- Why: runs of scenarios that have ended, immutable, with their log as compressed lines of JSON.
-- +goose Up
CREATE TABLE runs (
    id      TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    name    TEXT NOT NULL,
    title   TEXT NOT NULL,
    policy  TEXT NOT NULL,
    seed    BIGINT NOT NULL,
    started BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    passed  BOOLEAN NOT NULL,
    source  TEXT NOT NULL,
    result  TEXT NOT NULL,
    log     BYTEA NOT NULL
);
CREATE INDEX runs_by_start ON runs (started, id);
CREATE INDEX runs_by_owner ON runs (owner, started, id);
