-- Why: changes of a profile rest for seconds before others are told, and several become one. A job knows by the revision
-- whether the profile has changed again since.
-- +goose Up
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
