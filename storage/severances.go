package storage

import (
	"context"

	"orrery/social"
)

// InsertSeverance implements social.SeveranceStore.
func (s *Store) InsertSeverance(ctx context.Context, x social.Severance) error {
	const q = `
		INSERT INTO severances (id, kind, target, created_at)
		VALUES ($1, $2, $3, $4)`
	_, err := s.exec(ctx, q, int64(x.ID), string(x.Kind), x.Target, millis(x.CreatedAt))
	return wrap(err, "note the severance from %s", x.Target)
}

// CountSevered implements social.SeveranceStore.
func (s *Store) CountSevered(ctx context.Context, severance, account social.ID, followers, following int) error {
	const q = `
		INSERT INTO severed (severance_id, account_id, followers, following)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (severance_id, account_id) DO UPDATE
		SET followers = severed.followers + excluded.followers, following = severed.following + excluded.following`
	_, err := s.exec(ctx, q, int64(severance), int64(account), int64(followers), int64(following))
	return wrap(err, "count what %d lost", account)
}

// Severances implements social.SeveranceStore.
func (s *Store) Severances(ctx context.Context, account social.ID, ids []social.ID) (map[social.ID]social.Severance, error) {
	out := make(map[social.ID]social.Severance, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{int64(account)}
	found, err := list(ctx, s, func(r scanner) (social.Severance, error) {
		var x social.Severance
		var kind string
		var created int64
		err := r.Scan(&x.ID, &kind, &x.Target, &x.Followers, &x.Following, &created)
		x.Kind, x.CreatedAt = social.SeveranceKind(kind), fromMillis(created)
		return x, err
	}, `
		SELECT v.id, v.kind, v.target, d.followers, d.following, v.created_at
		FROM severances v
		JOIN severed d ON d.severance_id = v.id
		WHERE d.account_id = $1 AND v.id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, x := range found {
		out[x.ID] = x
	}
	return out, wrap(err, "severances of %d", account)
}

// InsertWarning implements social.WarningStore.
func (s *Store) InsertWarning(ctx context.Context, w social.Warning) error {
	const q = `
		INSERT INTO warnings (id, target_id, action, text, report_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := s.exec(ctx, q, int64(w.ID), int64(w.TargetID), string(w.Action), w.Text, int64(w.ReportID), millis(w.CreatedAt))
	return wrap(err, "warn %d", w.TargetID)
}

// WarningsByID implements social.WarningStore.
func (s *Store) WarningsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Warning, error) {
	out := make(map[social.ID]social.Warning, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, func(r scanner) (social.Warning, error) {
		var w social.Warning
		var action string
		var created int64
		err := r.Scan(&w.ID, &w.TargetID, &action, &w.Text, &w.ReportID, &created)
		w.Action, w.CreatedAt = social.AccountAction(action), fromMillis(created)
		return w, err
	}, `
		SELECT id, target_id, action, text, report_id, created_at
		FROM warnings
		WHERE id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, w := range found {
		out[w.ID] = w
	}
	return out, wrap(err, "load %d warnings", len(ids))
}
