package storage

import (
	"context"
	"slices"

	"orrery/social"
)

// InsertImport implements social.ImportStore.
func (s *Store) InsertImport(ctx context.Context, i social.Import, rows []social.ImportRow) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO imports (id, account_id, kind, file_name, overwrite, row_count, created_at, begun_at, finished_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
		if _, err := s.exec(ctx, q, int64(i.ID), int64(i.AccountID), string(i.Kind), i.FileName, i.Overwrite, i.Rows,
			millis(i.CreatedAt), millis(i.BegunAt), millis(i.FinishedAt)); err != nil {
			return err
		}
		for part := range slices.Chunk(rows, chunk) {
			var args []any
			for _, r := range part {
				args = append(args, int64(i.ID), r.Place, toJSON(r.Cells), r.Problem)
			}
			if _, err := s.exec(ctx, `
				INSERT INTO import_rows (import_id, place, cells, problem)
				VALUES `+values(len(part), 4), args...); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "keep an import of %d rows", len(rows))
}

const importColumns = `i.id, i.account_id, i.kind, i.file_name, i.overwrite, i.row_count, i.created_at, i.begun_at, i.finished_at,
	(SELECT COUNT(*) FROM import_rows r WHERE r.import_id = i.id AND r.problem = ''),
	(SELECT COUNT(*) FROM import_rows r WHERE r.import_id = i.id AND r.problem <> '')`

func scanImport(r scanner) (social.Import, error) {
	var i social.Import
	var kind string
	var created, begun, finished int64
	err := r.Scan(&i.ID, &i.AccountID, &kind, &i.FileName, &i.Overwrite, &i.Rows, &created, &begun, &finished, &i.Waiting, &i.Failed)
	i.Kind, i.CreatedAt, i.BegunAt, i.FinishedAt = social.ImportKind(kind), fromMillis(created), fromMillis(begun), fromMillis(finished)
	return i, err
}

// ImportByID implements social.ImportStore.
func (s *Store) ImportByID(ctx context.Context, id social.ID) (social.Import, error) {
	const q = `
		SELECT ` + importColumns + `
		FROM imports i
		WHERE i.id = $1`
	i, err := scanImport(s.row(ctx, q, int64(id)))
	return i, missing(err, "import %d", id)
}

// Imports implements social.ImportStore.
func (s *Store) Imports(ctx context.Context, account social.ID, limit int) ([]social.Import, error) {
	const q = `
		SELECT ` + importColumns + `
		FROM imports i
		WHERE i.account_id = $1
		ORDER BY i.id DESC
		LIMIT $2`
	out, err := list(ctx, s, scanImport, q, int64(account), int64(limit))
	return out, wrap(err, "list imports of %d", account)
}

// ImportRows implements social.ImportStore.
func (s *Store) ImportRows(ctx context.Context, id social.ID, failed bool, after int64, limit int) ([]social.ImportRow, error) {
	which := "problem = ''"
	if failed {
		which = "problem <> ''"
	}
	out, err := list(ctx, s, func(r scanner) (social.ImportRow, error) {
		var x social.ImportRow
		err := r.Scan(&x.Place, asJSON(&x.Cells), &x.Problem)
		return x, err
	}, `
		SELECT place, cells, problem
		FROM import_rows
		WHERE import_id = $1 AND place > $2 AND `+which+`
		ORDER BY place
		LIMIT $3`, int64(id), after, int64(limit))
	return out, wrap(err, "list rows of import %d", id)
}

// FinishImportRow implements social.ImportStore.
func (s *Store) FinishImportRow(ctx context.Context, id social.ID, place int64, problem string) error {
	const done = `
		DELETE FROM import_rows
		WHERE import_id = $1 AND place = $2`
	const failed = `
		UPDATE import_rows
		SET problem = $3
		WHERE import_id = $1 AND place = $2`
	var err error
	if problem == "" {
		_, err = s.exec(ctx, done, int64(id), place)
	} else {
		_, err = s.exec(ctx, failed, int64(id), place, problem)
	}
	return wrap(err, "finish row %d of import %d", place, id)
}

// SetImport implements social.ImportStore.
func (s *Store) SetImport(ctx context.Context, i social.Import) error {
	const q = `
		UPDATE imports
		SET begun_at = $2, finished_at = $3
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(i.ID), millis(i.BegunAt), millis(i.FinishedAt))
	return touched(n, err, "date import %d", i.ID)
}

// DeleteImport implements social.ImportStore.
func (s *Store) DeleteImport(ctx context.Context, account, id social.ID) error {
	const q = `
		DELETE FROM imports
		WHERE id = $1 AND account_id = $2`
	n, err := s.exec(ctx, q, int64(id), int64(account))
	return touched(n, err, "forget import %d", id)
}
