-- Why: programs are told of notifications by web push, one subscription a token; push services know the server by its key.
-- +goose Up
CREATE TABLE push_subscriptions (
    id           BIGINT PRIMARY KEY,
    account_id   BIGINT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    access_token TEXT NOT NULL,
    endpoint     TEXT NOT NULL,
    p256dh       TEXT NOT NULL,
    auth         TEXT NOT NULL,
    standard     BOOLEAN NOT NULL,
    alerts       TEXT NOT NULL,
    policy       TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id);

CREATE TABLE push_key (
    id          BIGINT PRIMARY KEY,
    private_key TEXT NOT NULL
);
