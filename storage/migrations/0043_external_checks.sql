-- Why: a program that asks the origins of posts for their threads remembers when it asked for which.
-- +goose Up
CREATE TABLE external_checks (
    status_id  BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    checked_at BIGINT NOT NULL
);
