-- Why: lists that people bring from another server, worked through row by row; a row goes when it is done.
-- +goose Up
CREATE TABLE imports (
    id          BIGINT PRIMARY KEY,
    account_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    overwrite   BOOLEAN NOT NULL,
    row_count   BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    begun_at    BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);
CREATE INDEX imports_by_account ON imports (account_id, id);

CREATE TABLE import_rows (
    import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    place     BIGINT NOT NULL,
    cells     TEXT NOT NULL,
    problem   TEXT NOT NULL,
    PRIMARY KEY (import_id, place)
);
