-- Why: staff decide how a hashtag is written, whether people here may use it, and whether searches find it.
-- +goose Up
CREATE TABLE tag_decisions (
    tag      TEXT PRIMARY KEY,
    display  TEXT NOT NULL,
    barred   BOOLEAN NOT NULL,
    unlisted BOOLEAN NOT NULL
);
