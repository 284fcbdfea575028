package storage

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"orrery/activitylog/kept"
	"orrery/storage/sqldb"
)

var _ kept.Store = (*Store)(nil)

// KeepRun implements kept.Store.
func (s *Store) KeepRun(ctx context.Context, r kept.Run) error {
	const q = `
		INSERT INTO runs (id, owner, name, title, policy, seed, started, took, passed, source, result, log)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	_, err := s.exec(ctx, q, r.ID, r.Owner, r.Name, r.Title, r.Policy, int64(r.Seed), micros(r.Started), r.Took.Microseconds(),
		r.Passed, r.Source, string(r.Result), r.Log)
	return wrap(err, "keep run %s", r.ID)
}

const runColumns = `r.id, r.owner, r.name, r.title, r.policy, r.seed, r.started, r.took, r.passed`

// intoRun are the places for runColumns; done fills in the rest of r.
func intoRun(r *kept.Run) (places []any, done func()) {
	var seed, started, took int64
	return []any{&r.ID, &r.Owner, &r.Name, &r.Title, &r.Policy, &seed, &started, &took, &r.Passed}, func() {
		r.Seed, r.Started, r.Took = uint64(seed), fromMicros(started), time.Duration(took)*time.Microsecond
	}
}

// KeptRun implements kept.Store.
func (s *Store) KeptRun(ctx context.Context, id string) (kept.Run, error) {
	const q = `
		SELECT ` + runColumns + `, r.source, r.result, r.log
		FROM runs r
		WHERE r.id = $1`
	var r kept.Run
	var result string
	places, done := intoRun(&r)
	err := s.row(ctx, q, id).Scan(append(places, &r.Source, &result, &r.Log)...)
	if errors.Is(err, sqldb.ErrNoRows) {
		err = kept.ErrNoRun
	}
	done()
	r.Result = json.RawMessage(result)
	return r, wrap(err, "run %q", id)
}

// KeptRuns implements kept.Store.
func (s *Store) KeptRuns(ctx context.Context, owner string, everyone bool, before string, limit int) ([]kept.Run, error) {
	const q = `
		SELECT ` + runColumns + `
		FROM runs r
		WHERE ($1 OR r.owner = $2)
			AND ($3 = '' OR (r.started, r.id) < (SELECT b.started, b.id FROM runs b WHERE b.id = $3))
		ORDER BY r.started DESC, r.id DESC
		LIMIT $4`
	runs, err := list(ctx, s, func(row scanner) (kept.Run, error) {
		var r kept.Run
		places, done := intoRun(&r)
		err := row.Scan(places...)
		done()
		return r, err
	}, q, everyone, owner, before, int64(limit))
	return runs, wrap(err, "list runs")
}

// DropRun implements kept.Store.
func (s *Store) DropRun(ctx context.Context, id string) error {
	const q = `
		DELETE FROM runs
		WHERE id = $1`
	n, err := s.exec(ctx, q, id)
	if err == nil && n == 0 {
		err = kept.ErrNoRun
	}
	return wrap(err, "delete run %q", id)
}

// PruneRuns implements kept.Store.
func (s *Store) PruneRuns(ctx context.Context, owner string, everyone bool, keep int) error {
	const q = `
		DELETE FROM runs
		WHERE id IN (
			SELECT r.id
			FROM runs r
			WHERE ($1 OR r.owner = $2)
			ORDER BY r.started DESC, r.id DESC
			LIMIT 1000 OFFSET $3
		)`
	_, err := s.exec(ctx, q, everyone, owner, int64(keep))
	return wrap(err, "delete the oldest runs")
}
