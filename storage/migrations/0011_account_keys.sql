-- Why: an actor may list several keys (FEP-521a). The one that an account is known by stays with the account; these are
-- the others it lists, and those that end or were taken back.
-- +goose Up
CREATE TABLE account_keys (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key_id     TEXT NOT NULL,
    place      BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked    BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, key_id)
);
CREATE INDEX account_keys_by_id ON account_keys (key_id);
