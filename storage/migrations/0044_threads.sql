-- Why: programs in which one actor hands on all that happens in a conversation: who that is, to whom, and what it was.
-- +goose Up
CREATE TABLE threads (
    id      BIGINT PRIMARY KEY,
    root_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    owner   TEXT NOT NULL,
    history TEXT NOT NULL
);
CREATE UNIQUE INDEX threads_by_root ON threads (root_id);
CREATE INDEX threads_by_history ON threads (history) WHERE history <> '';

CREATE TABLE thread_posts (
    status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE
);
CREATE INDEX thread_posts_by_thread ON thread_posts (thread_id);

CREATE TABLE thread_items (
    id        BIGINT PRIMARY KEY,
    thread_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    document  TEXT NOT NULL
);
CREATE INDEX thread_items_by_thread ON thread_items (thread_id, id);

CREATE TABLE thread_readers (
    actor TEXT PRIMARY KEY
);

CREATE TABLE thread_listeners (
    thread_id  BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    actor      TEXT NOT NULL,
    inbox      TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, actor)
);
