-- Why: reports and what follows from them: warnings, severed follows, and notifications that are about one of these.
-- +goose Up
CREATE INDEX IF NOT EXISTS favourites_by_account ON favourites (account_id, id);
CREATE INDEX IF NOT EXISTS notifications_by_sender ON notifications (from_id);

ALTER TABLE notifications ADD COLUMN subject_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id, subject_id);

CREATE TABLE reports (
    id         BIGINT PRIMARY KEY,
    uri        TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    target_id  BIGINT NOT NULL,
    comment    TEXT NOT NULL,
    category   TEXT NOT NULL,
    forwarded  BOOLEAN NOT NULL,
    forward_to TEXT NOT NULL,
    assigned   BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL,
    closed_by  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX reports_by_target ON reports (target_id, id);
CREATE INDEX reports_by_account ON reports (account_id, id);
CREATE INDEX reports_open ON reports (id) WHERE closed_at = 0;

CREATE TABLE report_statuses (
    report_id BIGINT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL,
    PRIMARY KEY (report_id, status_id)
);
CREATE INDEX report_statuses_by_status ON report_statuses (status_id);

CREATE TABLE report_rules (
    report_id BIGINT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    rule_id   BIGINT NOT NULL,
    PRIMARY KEY (report_id, rule_id)
);

CREATE TABLE warnings (
    id         BIGINT PRIMARY KEY,
    target_id  BIGINT NOT NULL,
    action     TEXT NOT NULL,
    text       TEXT NOT NULL,
    report_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX warnings_by_target ON warnings (target_id, id);

CREATE TABLE severances (
    id          BIGINT PRIMARY KEY,
    kind        TEXT NOT NULL,
    target      TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE severed (
    severance_id BIGINT NOT NULL REFERENCES severances (id) ON DELETE CASCADE,
    account_id   BIGINT NOT NULL,
    followers    BIGINT NOT NULL,
    following    BIGINT NOT NULL,
    PRIMARY KEY (severance_id, account_id)
);

CREATE TABLE instance_rules (
    id         BIGINT PRIMARY KEY,
    text       TEXT NOT NULL,
    hint       TEXT NOT NULL,
    place      BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL
);
