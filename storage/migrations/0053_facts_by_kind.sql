-- Why: nobody asks for facts of one kind over the whole log, and every fact paid for an entry in this index.
-- +goose Up
DROP INDEX facts_by_kind;
