-- Why: runs of scenarios that were taken and have not ended, so that a server that is stopped takes them up again.
-- +goose Up
CREATE TABLE runs_awaited (
    id     TEXT PRIMARY KEY,
    owner  TEXT NOT NULL,
    name   TEXT NOT NULL,
    policy TEXT NOT NULL,
    seed   BIGINT NOT NULL,
    asked  BIGINT NOT NULL,
    begun  BIGINT NOT NULL,
    source TEXT NOT NULL
);
