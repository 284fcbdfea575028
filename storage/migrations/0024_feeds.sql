-- Why: who wants to be told what, and what waits for their word; lists and hashtags that people follow, whose posts come to
-- feeds kept as homes are; and private talk by its people.
-- +goose Up
CREATE TABLE notification_policies (
    account_id       BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    not_following    TEXT NOT NULL,
    not_followers    TEXT NOT NULL,
    new_accounts     TEXT NOT NULL,
    private_mentions TEXT NOT NULL,
    limited_accounts TEXT NOT NULL,
    bots             TEXT NOT NULL
);

CREATE TABLE notification_permissions (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, from_id)
);

CREATE TABLE notification_requests (
    id             BIGINT PRIMARY KEY,
    account_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_id        BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    last_status_id BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX notification_requests_pair ON notification_requests (account_id, from_id);
CREATE INDEX notification_requests_by_account ON notification_requests (account_id, id);

ALTER TABLE notifications ADD COLUMN filtered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE notifications ADD COLUMN group_key TEXT NOT NULL DEFAULT '';

CREATE TABLE lists (
    id             BIGINT PRIMARY KEY,
    account_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    title          TEXT NOT NULL,
    replies_policy TEXT NOT NULL,
    exclusive      BOOLEAN NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX lists_by_account ON lists (account_id, id);

CREATE TABLE list_accounts (
    id         BIGINT PRIMARY KEY,
    list_id    BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX list_accounts_pair ON list_accounts (list_id, account_id);
CREATE INDEX list_accounts_by_account ON list_accounts (account_id, list_id);

CREATE TABLE followed_tags (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tag        TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX followed_tags_pair ON followed_tags (account_id, tag);
CREATE INDEX followed_tags_by_tag ON followed_tags (tag, account_id);

CREATE TABLE talks (
    id             BIGINT PRIMARY KEY,
    account_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation   TEXT NOT NULL,
    participants   TEXT NOT NULL,
    last_status_id BIGINT NOT NULL,
    unread         BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX talks_once ON talks (account_id, conversation, participants);
CREATE INDEX talks_by_account ON talks (account_id, last_status_id);
