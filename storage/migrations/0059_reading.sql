-- Why: people choose which languages public timelines show them, and what of their profile apps lay out.
-- +goose Up
ALTER TABLE users ADD COLUMN languages TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN hide_media BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN hide_media_replies BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN hide_featured BOOLEAN NOT NULL DEFAULT FALSE;
