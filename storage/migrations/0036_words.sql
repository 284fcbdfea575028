-- Why: which words stand in which post, so that posts are found by them: one table that both engines read alike.
-- +goose Up
CREATE TABLE status_words (
    word      TEXT NOT NULL,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    PRIMARY KEY (word, status_id)
);
CREATE INDEX status_words_by_status ON status_words (status_id);
