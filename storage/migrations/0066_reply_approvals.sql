-- Why: programs in which the author of a post says who may answer it, and a reply shows that its author may.
-- +goose Up
CREATE TABLE reply_rules (
    status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    who       TEXT NOT NULL
);

CREATE TABLE reply_approvals (
    status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    uri       TEXT NOT NULL,
    waits     BOOLEAN NOT NULL
);
