-- Why: whether strangers may join, what they said when they did, and who is not here yet for anybody else.
-- +goose Up
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN app_id BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email <> '';

ALTER TABLE accounts ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;
