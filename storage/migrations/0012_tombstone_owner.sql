-- Why: when somebody elsewhere has only new keys, what is remembered of their deletions is forgotten.
-- +goose Up
ALTER TABLE tombstones ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tombstones_by_account ON tombstones (account_id) WHERE account_id <> 0;
