-- Why: what the pages behind links say of themselves, and which post links to which.
-- +goose Up
CREATE TABLE cards (
    id                BIGINT PRIMARY KEY,
    url               TEXT NOT NULL,
    host              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    title             TEXT NOT NULL,
    description       TEXT NOT NULL,
    author_name       TEXT NOT NULL,
    author_url        TEXT NOT NULL,
    author_id         BIGINT NOT NULL,
    provider_name     TEXT NOT NULL,
    provider_url      TEXT NOT NULL,
    image_url         TEXT NOT NULL,
    image_description TEXT NOT NULL,
    embed_url         TEXT NOT NULL,
    width             BIGINT NOT NULL,
    height            BIGINT NOT NULL,
    language          TEXT NOT NULL,
    published_at      BIGINT NOT NULL,
    fetched_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX cards_by_url ON cards (url);

CREATE TABLE status_cards (
    status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    card_id   BIGINT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    url       TEXT NOT NULL
);
CREATE INDEX status_cards_by_card ON status_cards (card_id, status_id);
