package storage

import (
	"context"
	"maps"
	"slices"
	"time"

	"orrery/social"
)

const threadColumns = `t.id, t.root_id, t.owner, t.history`

func scanThread(r scanner) (social.Thread, error) {
	var t social.Thread
	var id, root int64
	err := r.Scan(&id, &root, &t.Owner, &t.History)
	t.ID, t.RootID = social.ID(id), social.ID(root)
	return t, err
}

// InsertThread implements social.ThreadStore.
func (s *Store) InsertThread(ctx context.Context, t social.Thread) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO threads (id, root_id, owner, history)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(t.ID), int64(t.RootID), t.Owner, t.History)
		if err != nil || n == 0 {
			return err
		}
		return s.JoinThread(ctx, t.ID, t.RootID)
	})
	return wrap(err, "begin thread at %d", t.RootID)
}

// JoinThread implements social.ThreadStore.
func (s *Store) JoinThread(ctx context.Context, thread, status social.ID) error {
	const q = `
		INSERT INTO thread_posts (status_id, thread_id)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(status), int64(thread))
	return wrap(err, "add %d to thread %d", status, thread)
}

// ThreadByID implements social.ThreadStore.
func (s *Store) ThreadByID(ctx context.Context, id social.ID) (social.Thread, error) {
	const q = `
		SELECT ` + threadColumns + `
		FROM threads t
		WHERE t.id = $1`
	t, err := scanThread(s.row(ctx, q, int64(id)))
	return t, missing(err, "thread %d", id)
}

// ThreadOf implements social.ThreadStore.
func (s *Store) ThreadOf(ctx context.Context, status social.ID) (social.Thread, error) {
	const q = `
		SELECT ` + threadColumns + `
		FROM threads t
		JOIN thread_posts p ON p.thread_id = t.id
		WHERE p.status_id = $1`
	t, err := scanThread(s.row(ctx, q, int64(status)))
	return t, missing(err, "thread of %d", status)
}

// ThreadByHistory implements social.ThreadStore.
func (s *Store) ThreadByHistory(ctx context.Context, history string) (social.Thread, error) {
	const q = `
		SELECT ` + threadColumns + `
		FROM threads t
		WHERE t.history = $1 AND t.history <> ''
		ORDER BY t.id
		LIMIT 1`
	t, err := scanThread(s.row(ctx, q, history))
	return t, missing(err, "thread of the history %s", history)
}

// ThreadPeople implements social.ThreadStore.
func (s *Store) ThreadPeople(ctx context.Context, thread social.ID) ([]social.Account, error) {
	out, err := list(ctx, s, scanAccount, `
		SELECT `+accountColumns+`
		FROM accounts a
		WHERE a.domain <> '' AND a.id IN (
			SELECT x.account_id
			FROM statuses x
			JOIN thread_posts p ON p.status_id = x.id
			WHERE p.thread_id = $1)
		ORDER BY a.id`, int64(thread))
	return out, wrap(err, "who wrote in thread %d", thread)
}

// KeepItem implements social.ThreadStore.
func (s *Store) KeepItem(ctx context.Context, thread, id social.ID, document string) error {
	const q = `
		INSERT INTO thread_items (id, thread_id, document)
		VALUES ($1, $2, $3)`
	_, err := s.exec(ctx, q, int64(id), int64(thread), document)
	return wrap(err, "keep what was handed on in thread %d", thread)
}

// Items implements social.ThreadStore.
func (s *Store) Items(ctx context.Context, thread social.ID, limit int) ([]string, error) {
	const q = `
		SELECT document
		FROM thread_items
		WHERE thread_id = $1
		ORDER BY id DESC
		LIMIT $2`
	out, err := list(ctx, s, scanWord, q, int64(thread), int64(limit))
	slices.Reverse(out)
	return out, wrap(err, "history of thread %d", thread)
}

// NoteReader implements social.ThreadStore.
func (s *Store) NoteReader(ctx context.Context, actor string) error {
	const q = `
		INSERT INTO thread_readers (actor)
		VALUES ($1)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, actor)
	return wrap(err, "note what %s understands", actor)
}

// Readers implements social.ThreadStore.
func (s *Store) Readers(ctx context.Context, actors []string) (map[string]bool, error) {
	out := map[string]bool{}
	for part := range slices.Chunk(actors, chunk) {
		var args []any
		found, err := setOf(ctx, s, scanWord, `
			SELECT actor
			FROM thread_readers
			WHERE actor IN (`+inWords(&args, part)+`)`, args...)
		if err != nil {
			return nil, wrap(err, "what %d actors understand", len(actors))
		}
		maps.Copy(out, found)
	}
	return out, nil
}

// Listen implements social.ThreadStore.
func (s *Store) Listen(ctx context.Context, l social.Listener) error {
	const q = `
		INSERT INTO thread_listeners (thread_id, actor, inbox, expires_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (thread_id, actor) DO UPDATE SET inbox = $3, expires_at = $4`
	_, err := s.exec(ctx, q, int64(l.Thread), l.Actor, l.Inbox, millis(l.ExpiresAt))
	return wrap(err, "let %s listen to thread %d", l.Actor, l.Thread)
}

// Listeners implements social.ThreadStore.
func (s *Store) Listeners(ctx context.Context, thread social.ID, now time.Time) ([]social.Listener, error) {
	const q = `
		SELECT actor, inbox, expires_at
		FROM thread_listeners
		WHERE thread_id = $1 AND expires_at > $2
		ORDER BY actor`
	out, err := list(ctx, s, func(r scanner) (social.Listener, error) {
		l := social.Listener{Thread: thread}
		var expires int64
		err := r.Scan(&l.Actor, &l.Inbox, &expires)
		l.ExpiresAt = fromMillis(expires)
		return l, err
	}, q, int64(thread), millis(now))
	return out, wrap(err, "who listens to thread %d", thread)
}

// Deafen implements social.ThreadStore.
func (s *Store) Deafen(ctx context.Context, inbox string) error {
	const q = `
		DELETE FROM thread_listeners
		WHERE inbox = $1`
	_, err := s.exec(ctx, q, inbox)
	return wrap(err, "end all listening at %s", inbox)
}
