-- Why: what a post's own server counts stands apart from the rows known here, and threads that people open are crawled in
-- steps: which posts are still to be read, what was found, when a post's replies were fetched last.
-- +goose Up
ALTER TABLE statuses ADD COLUMN origin_boosts BIGINT NOT NULL DEFAULT -1;
ALTER TABLE statuses ADD COLUMN origin_favourites BIGINT NOT NULL DEFAULT -1;
ALTER TABLE statuses ADD COLUMN replies_fetched_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE crawls (
    id          BIGINT PRIMARY KEY,
    status_id   BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    pages       BIGINT NOT NULL,
    found       BIGINT NOT NULL
);
CREATE INDEX crawls_by_status ON crawls (status_id, id);
CREATE INDEX crawls_by_start ON crawls (started_at);

CREATE TABLE crawl_uris (
    crawl_id BIGINT NOT NULL REFERENCES crawls (id) ON DELETE CASCADE,
    uri      TEXT NOT NULL,
    place    BIGINT NOT NULL,
    done     BOOLEAN NOT NULL,
    PRIMARY KEY (crawl_id, uri)
);
CREATE INDEX crawl_uris_left ON crawl_uris (crawl_id, place) WHERE NOT done;
