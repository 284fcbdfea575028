-- Why: who follows whom, and who has asked to.
-- +goose Up
CREATE TABLE follows (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    target_id  BIGINT NOT NULL REFERENCES accounts (id),
    uri        TEXT NOT NULL,
    pending    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX follows_pair ON follows (account_id, target_id);
CREATE INDEX follows_by_uri ON follows (uri);
CREATE INDEX follows_following ON follows (account_id, id);
CREATE INDEX follows_followers ON follows (target_id, id);
