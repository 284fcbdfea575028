-- Why: posts that are to be published later, with the uploads that they keep until then.
-- +goose Up
CREATE TABLE scheduled (
    id              BIGINT PRIMARY KEY,
    account_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    due_at          BIGINT NOT NULL,
    draft           TEXT NOT NULL,
    app_id          BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX scheduled_by_account ON scheduled (account_id, id);
CREATE UNIQUE INDEX scheduled_once ON scheduled (account_id, idempotency_key) WHERE idempotency_key <> '';

CREATE TABLE scheduled_media (
    attachment_id BIGINT NOT NULL,
    scheduled_id  BIGINT NOT NULL REFERENCES scheduled (id) ON DELETE CASCADE,
    PRIMARY KEY (attachment_id, scheduled_id)
);
CREATE INDEX scheduled_media_by_post ON scheduled_media (scheduled_id);
