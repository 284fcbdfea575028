-- Why: what stands in each person's home and notifications; written on arrival, so that reading is one index walk.
-- +goose Up
CREATE TABLE home_entries (
    account_id  BIGINT NOT NULL,
    status_id   BIGINT NOT NULL,
    boost_of_id BIGINT NOT NULL,
    via         TEXT NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX home_entries_by_status ON home_entries (status_id, account_id);
CREATE INDEX home_entries_by_boosted ON home_entries (boost_of_id, account_id) WHERE boost_of_id <> 0;

CREATE TABLE notifications (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    from_id    BIGINT NOT NULL,
    type       TEXT NOT NULL,
    status_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notifications_by_account ON notifications (account_id, id);
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id);
CREATE INDEX notifications_by_status ON notifications (status_id) WHERE status_id <> 0;
