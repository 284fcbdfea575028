-- Why: the code flow. A code lives ten minutes and is taken once; a spent one is known for as long, so that a second use
-- ends the token of the first; a revoked token is told apart from one that never was. Secrets are hashes only.
-- +goose Up
CREATE TABLE oauth_codes (
    hash         TEXT PRIMARY KEY,
    account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    app_id       BIGINT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    scopes       TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX oauth_codes_by_expiry ON oauth_codes (expires_at);

CREATE TABLE oauth_spent_codes (
    hash       TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oauth_spent_codes_by_expiry ON oauth_spent_codes (expires_at);

CREATE TABLE oauth_revoked_tokens (
    hash       TEXT PRIMARY KEY,
    revoked_at BIGINT NOT NULL
);
CREATE INDEX oauth_revoked_tokens_by_time ON oauth_revoked_tokens (revoked_at);

CREATE INDEX tokens_by_account ON tokens (account_id, created_at);
