-- Why: a conversation that began here is a collection that other servers read, in the order of ids.
-- +goose Up
CREATE INDEX statuses_by_conversation ON statuses (conversation, id) WHERE conversation <> '';
