-- Why: a post may show another inside, if that one's author agrees; each post says who may without being asked.
-- +goose Up
CREATE TABLE quotes (
    status_id         BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    id                BIGINT NOT NULL UNIQUE,
    account_id        BIGINT NOT NULL,
    quoted_id         BIGINT NOT NULL,
    quoted_uri        TEXT NOT NULL,
    quoted_account_id BIGINT NOT NULL,
    state             TEXT NOT NULL,
    request_uri       TEXT NOT NULL,
    approval_uri      TEXT NOT NULL,
    legacy            BOOLEAN NOT NULL,
    checked_at        BIGINT NOT NULL
);
CREATE INDEX quotes_of ON quotes (quoted_id, status_id) WHERE quoted_id <> 0;
CREATE INDEX quotes_by_account ON quotes (account_id);
CREATE INDEX quotes_by_request ON quotes (request_uri) WHERE request_uri <> '';
CREATE INDEX quotes_by_approval ON quotes (approval_uri) WHERE approval_uri <> '';

ALTER TABLE statuses ADD COLUMN quote_policy TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN default_quote_policy TEXT NOT NULL DEFAULT '';
