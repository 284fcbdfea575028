-- Why: posts and boosts with what they mention, and the memory of what must not come back or be posted twice.
-- +goose Up
CREATE TABLE statuses (
    id                  BIGINT PRIMARY KEY,
    uri                 TEXT NOT NULL,
    url                 TEXT NOT NULL,
    account_id          BIGINT NOT NULL REFERENCES accounts (id),
    reply_to_id         BIGINT NOT NULL,
    reply_to_uri        TEXT NOT NULL,
    reply_to_account_id BIGINT NOT NULL,
    boost_of_id         BIGINT NOT NULL,
    visibility          TEXT NOT NULL,
    content             TEXT NOT NULL,
    source              TEXT NOT NULL,
    spoiler_text        TEXT NOT NULL,
    sensitive           BOOLEAN NOT NULL,
    language            TEXT NOT NULL,
    object_type         TEXT NOT NULL,
    conversation        TEXT NOT NULL,
    local               BOOLEAN NOT NULL,
    created_at          BIGINT NOT NULL,
    edited_at           BIGINT NOT NULL,
    deleted_at          BIGINT NOT NULL,
    replies_count       BIGINT NOT NULL,
    boosts_count        BIGINT NOT NULL,
    favourites_count    BIGINT NOT NULL
);
CREATE UNIQUE INDEX statuses_by_uri ON statuses (uri);
CREATE UNIQUE INDEX statuses_one_boost ON statuses (boost_of_id, account_id) WHERE boost_of_id <> 0 AND deleted_at = 0;
CREATE INDEX statuses_boosts ON statuses (boost_of_id) WHERE boost_of_id <> 0;
CREATE INDEX statuses_by_account ON statuses (account_id, id);
CREATE INDEX statuses_replies ON statuses (reply_to_id, id) WHERE reply_to_id <> 0;
CREATE INDEX statuses_waiting ON statuses (reply_to_uri) WHERE reply_to_uri <> '' AND reply_to_id = 0;
CREATE INDEX statuses_public ON statuses (id) WHERE visibility = 'public' AND boost_of_id = 0 AND deleted_at = 0;
CREATE INDEX statuses_public_local ON statuses (id) WHERE local AND visibility = 'public' AND boost_of_id = 0 AND deleted_at = 0;

CREATE TABLE status_mentions (
    status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL,
    silent     BOOLEAN NOT NULL,
    PRIMARY KEY (status_id, account_id)
);
CREATE INDEX status_mentions_by_account ON status_mentions (account_id, status_id);

CREATE TABLE status_tags (
    tag       TEXT NOT NULL,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, status_id)
);
CREATE INDEX status_tags_by_status ON status_tags (status_id);

CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL,
    name       TEXT NOT NULL,
    status_id  BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX idempotency_keys_by_use ON idempotency_keys (used_at);

CREATE TABLE tombstones (
    uri        TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE suppressions (
    account_id BIGINT NOT NULL,
    uri        TEXT NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (account_id, uri)
);
CREATE INDEX suppressions_by_end ON suppressions (until);
