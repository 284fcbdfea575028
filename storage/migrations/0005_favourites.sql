-- Why: likes, one for each person and post.
-- +goose Up
CREATE TABLE favourites (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    status_id  BIGINT NOT NULL,
    uri        TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX favourites_pair ON favourites (status_id, account_id);
