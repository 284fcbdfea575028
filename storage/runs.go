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

// AwaitRun implements kept.Store.
func (s *Store) AwaitRun(ctx context.Context, a kept.Awaited) error {
	const q = `
		INSERT INTO runs_awaited (id, owner, name, policy, seed, asked, begun, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := s.exec(ctx, q, a.ID, a.Owner, a.Name, a.Policy, int64(a.Seed), micros(a.Asked), int64(a.Begun), a.Source)
	return wrap(err, "await run %s", a.ID)
}

// AwaitedRuns implements kept.Store.
func (s *Store) AwaitedRuns(ctx context.Context) ([]kept.Awaited, error) {
	const q = `
		SELECT id, owner, name, policy, seed, asked, begun, source
		FROM runs_awaited
		ORDER BY asked, id`
	runs, err := list(ctx, s, func(row scanner) (kept.Awaited, error) {
		var a kept.Awaited
		var seed, asked int64
		err := row.Scan(&a.ID, &a.Owner, &a.Name, &a.Policy, &seed, &asked, &a.Begun, &a.Source)
		a.Seed, a.Asked = uint64(seed), fromMicros(asked)
		return a, err
	}, q)
	return runs, wrap(err, "list awaited runs")
}

// BeginRun implements kept.Store.
func (s *Store) BeginRun(ctx context.Context, id string) error {
	const q = `
		UPDATE runs_awaited
		SET begun = begun + 1
		WHERE id = $1`
	_, err := s.exec(ctx, q, id)
	return wrap(err, "begin run %s", id)
}

// RestRun implements kept.Store.
func (s *Store) RestRun(ctx context.Context, id string) error {
	const q = `
		UPDATE runs_awaited
		SET begun = 0
		WHERE id = $1`
	_, err := s.exec(ctx, q, id)
	return wrap(err, "lay run %s aside", id)
}

// KeepRun implements kept.Store.
func (s *Store) KeepRun(ctx context.Context, r kept.Run) error {
	const q = `
		INSERT INTO runs (id, owner, name, title, policy, seed, started, took, passed, source, result, log)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	err := s.atomic(ctx, func(s *Store) error {
		if _, err := s.exec(ctx, q, r.ID, r.Owner, r.Name, r.Title, r.Policy, int64(r.Seed), micros(r.Started), r.Took.Microseconds(),
			r.Passed, r.Source, string(r.Result), r.Log); err != nil {
			return err
		}
		_, err := s.awaitNoLonger(ctx, r.ID)
		return err
	})
	return wrap(err, "keep run %s", r.ID)
}

func (s *Store) awaitNoLonger(ctx context.Context, id string) (int64, error) {
	const q = `
		DELETE FROM runs_awaited
		WHERE id = $1`
	return s.exec(ctx, q, id)
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
	err := s.atomic(ctx, func(s *Store) error {
		awaited, err := s.awaitNoLonger(ctx, id)
		if err != nil {
			return err
		}
		n, err := s.exec(ctx, q, id)
		if err == nil && n+awaited == 0 {
			err = kept.ErrNoRun
		}
		return err
	})
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
