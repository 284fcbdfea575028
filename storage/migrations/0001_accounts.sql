-- Why: people, bots and groups of this instance and of others, and those of them who can sign in here.
-- +goose Up
CREATE TABLE accounts (
    id               BIGINT PRIMARY KEY,
    username         TEXT NOT NULL,
    username_lower   TEXT NOT NULL,
    domain           TEXT NOT NULL,
    uri              TEXT NOT NULL,
    url              TEXT NOT NULL,
    actor_type       TEXT NOT NULL,
    display_name     TEXT NOT NULL,
    name_lower       TEXT NOT NULL,
    note             TEXT NOT NULL,
    locked           BOOLEAN NOT NULL,
    discoverable     BOOLEAN NOT NULL,
    inbox_url        TEXT NOT NULL,
    shared_inbox_url TEXT NOT NULL,
    outbox_url       TEXT NOT NULL,
    followers_url    TEXT NOT NULL,
    following_url    TEXT NOT NULL,
    featured_url     TEXT NOT NULL,
    key_id           TEXT NOT NULL,
    public_key       TEXT NOT NULL,
    private_key      TEXT NOT NULL,
    avatar_url       TEXT NOT NULL,
    header_url       TEXT NOT NULL,
    followers_count  BIGINT NOT NULL,
    following_count  BIGINT NOT NULL,
    statuses_count   BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    fetched_at       BIGINT NOT NULL,
    last_status_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_by_uri ON accounts (uri);
CREATE UNIQUE INDEX accounts_by_handle ON accounts (username_lower, domain);
CREATE INDEX accounts_by_key ON accounts (key_id);
CREATE INDEX accounts_local ON accounts (id) WHERE domain = '';

CREATE TABLE users (
    account_id         BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash      TEXT NOT NULL,
    created_at         BIGINT NOT NULL,
    default_visibility TEXT NOT NULL,
    default_language   TEXT NOT NULL
);
