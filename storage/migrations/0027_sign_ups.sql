-- Why: who may become a person here: addresses that may not sign up, and people who wait for an answer.
-- +goose Up
ALTER TABLE users ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE email_domain_blocks (
    id                  BIGINT PRIMARY KEY,
    domain              TEXT NOT NULL UNIQUE,
    allow_with_approval BOOLEAN NOT NULL,
    created_at          BIGINT NOT NULL
);

CREATE TABLE email_hash_blocks (
    id         BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE ip_blocks (
    id         BIGINT PRIMARY KEY,
    network    TEXT NOT NULL UNIQUE,
    severity   TEXT NOT NULL,
    comment    TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
