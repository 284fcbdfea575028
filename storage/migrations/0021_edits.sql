-- Why: what a post said before it was changed, the original first. Choices and attachments are lists in JSON.
-- +goose Up
CREATE TABLE status_edits (
    status_id    BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    content      TEXT NOT NULL,
    spoiler_text TEXT NOT NULL,
    sensitive    BOOLEAN NOT NULL,
    choices      TEXT NOT NULL,
    attachments  TEXT NOT NULL,
    PRIMARY KEY (status_id, at)
);
