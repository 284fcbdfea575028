-- Why: a post may ask a question with answers to choose from. A poll has its post's id; -1 voters are not known.
-- +goose Up
CREATE TABLE polls (
    status_id    BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    multiple     BOOLEAN NOT NULL,
    hide_totals  BOOLEAN NOT NULL,
    expires_at   BIGINT NOT NULL,
    voters_count BIGINT NOT NULL,
    fetched_at   BIGINT NOT NULL,
    told_at      BIGINT NOT NULL
);

CREATE TABLE poll_options (
    status_id BIGINT NOT NULL REFERENCES polls (status_id) ON DELETE CASCADE,
    position  BIGINT NOT NULL,
    title     TEXT NOT NULL,
    votes     BIGINT NOT NULL,
    PRIMARY KEY (status_id, position)
);

CREATE TABLE poll_votes (
    id         BIGINT PRIMARY KEY,
    status_id  BIGINT NOT NULL REFERENCES polls (status_id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL,
    choice     BIGINT NOT NULL,
    uri        TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX poll_votes_once ON poll_votes (status_id, account_id, choice);
