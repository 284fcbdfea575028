-- Why: what people put on their profiles: pinned posts and featured hashtags, of this server and of others.
-- +goose Up
CREATE TABLE pins (
    account_id BIGINT NOT NULL,
    status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    pinned_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX pins_by_status ON pins (status_id);

CREATE TABLE featured_tags (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    tag        TEXT NOT NULL,
    name       TEXT NOT NULL
);
CREATE UNIQUE INDEX featured_tags_once ON featured_tags (account_id, tag);
