-- Why: work that must be done even if the process stops now; claimed by a lease, so that it comes back if its worker dies.
-- +goose Up
CREATE TABLE jobs (
    id           BIGINT PRIMARY KEY,
    kind         TEXT NOT NULL,
    queue        TEXT NOT NULL,
    host         TEXT NOT NULL,
    payload      BYTEA NOT NULL,
    run_at       BIGINT NOT NULL,
    attempt      BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    cause        BIGINT NOT NULL,
    root         BIGINT NOT NULL,
    last_error   TEXT NOT NULL
);
CREATE INDEX jobs_due ON jobs (run_at, id);
CREATE INDEX jobs_due_by_queue ON jobs (queue, run_at, id);
CREATE INDEX jobs_leased ON jobs (leased_until) WHERE leased_until <> 0;
