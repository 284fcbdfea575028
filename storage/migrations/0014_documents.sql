-- Why: what other servers say in profiles and posts beyond names and text: tables of a profile, pictures, emojis.
-- Local uploads and local emojis are rows of the same tables. Lists inside a row are JSON, '' when empty.
-- +goose Up
ALTER TABLE accounts ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN also_known_as TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN featured_tags_url TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN avatar_key TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN avatar_description TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header_key TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header_description TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN indexable BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN memorial BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN hide_collections BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE attachments (
    id                 BIGINT PRIMARY KEY,
    account_id         BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id          BIGINT REFERENCES statuses (id) ON DELETE SET NULL,
    place              BIGINT NOT NULL,
    kind               TEXT NOT NULL,
    media_type         TEXT NOT NULL,
    remote_url         TEXT NOT NULL,
    remote_preview_url TEXT NOT NULL,
    file_key           TEXT NOT NULL,
    file_size          BIGINT NOT NULL,
    preview_key        TEXT NOT NULL,
    description        TEXT NOT NULL,
    blurhash           TEXT NOT NULL,
    meta               TEXT NOT NULL,
    processing         TEXT NOT NULL,
    created_at         BIGINT NOT NULL
);
CREATE INDEX attachments_by_status ON attachments (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX attachments_unposted ON attachments (created_at) WHERE status_id IS NULL;
CREATE INDEX attachments_by_account ON attachments (account_id, id);

CREATE TABLE emojis (
    id                BIGINT PRIMARY KEY,
    shortcode         TEXT NOT NULL,
    domain            TEXT NOT NULL,
    uri               TEXT NOT NULL,
    image_url         TEXT NOT NULL,
    static_url        TEXT NOT NULL,
    file_key          TEXT NOT NULL,
    static_key        TEXT NOT NULL,
    media_type        TEXT NOT NULL,
    category          TEXT NOT NULL,
    visible_in_picker BOOLEAN NOT NULL,
    featured          BOOLEAN NOT NULL,
    disabled          BOOLEAN NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX emojis_by_name ON emojis (domain, shortcode);
