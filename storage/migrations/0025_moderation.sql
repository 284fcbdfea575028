-- Why: what the people who run a server decide: about accounts, about other servers, and who did it.
-- +goose Up
ALTER TABLE accounts ADD COLUMN suspended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN suspension_origin TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN silenced_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN sensitized_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN moved_to_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN moved_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX accounts_by_domain ON accounts (domain, id) WHERE domain <> '';

ALTER TABLE users ADD COLUMN disabled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT '';

CREATE TABLE domain_blocks (
    id              BIGINT PRIMARY KEY,
    domain          TEXT NOT NULL UNIQUE,
    severity        TEXT NOT NULL,
    reject_media    BOOLEAN NOT NULL,
    reject_reports  BOOLEAN NOT NULL,
    private_comment TEXT NOT NULL,
    public_comment  TEXT NOT NULL,
    obfuscate       BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE domain_allows (
    id         BIGINT PRIMARY KEY,
    domain     TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE audit_log (
    id          BIGINT PRIMARY KEY,
    account_id  BIGINT NOT NULL,
    action      TEXT NOT NULL,
    target_type TEXT NOT NULL,
    target_id   BIGINT NOT NULL,
    target      TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
