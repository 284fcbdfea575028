-- Why: notifications of one group are found by its key: to tell the newest, to count, to dismiss them together.
-- +goose Up
CREATE INDEX notifications_by_group ON notifications (account_id, group_key, id) WHERE group_key <> '';
