-- Why: a server may subscribe to relays, which get its public posts and bring those of others.
-- +goose Up
CREATE TABLE relays (
    id         BIGINT PRIMARY KEY,
    inbox_url  TEXT NOT NULL,
    state      TEXT NOT NULL,
    follow_uri TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX relays_by_inbox ON relays (inbox_url);
CREATE INDEX relays_by_follow ON relays (follow_uri);
