-- Why: pictures of other servers that somebody here looked at are kept for a while, so that their server does not learn who
-- looks, and is not asked again and again. A row without a file says that there was none to be had.

-- +goose Up
CREATE TABLE remote_files (
    address    TEXT NOT NULL,
    version    TEXT NOT NULL,
    file_key   TEXT NOT NULL,
    file_size  BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    PRIMARY KEY (address, version)
);
CREATE INDEX remote_files_by_age ON remote_files (fetched_at);
