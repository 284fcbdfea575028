-- Why: a server that took nothing on seven different days gets nothing more until it is heard of; the days outlive a restart.
-- +goose Up
CREATE TABLE failed_days (
    host TEXT NOT NULL,
    day  TEXT NOT NULL,
    PRIMARY KEY (host, day)
);
