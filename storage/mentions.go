package storage

import (
	"context"
	"slices"
	"time"

	"orrery/social"
)

func (s *Store) insertMentions(ctx context.Context, id social.ID, mentions []social.Mention) error {
	for len(mentions) > 0 {
		part := mentions[:min(len(mentions), chunk)]
		mentions = mentions[len(part):]
		args := make([]any, 0, 3*len(part))
		for _, m := range part {
			args = append(args, int64(id), int64(m.AccountID), m.Silent)
		}
		if _, err := s.exec(ctx, `
			INSERT INTO status_mentions (status_id, account_id, silent)
			VALUES `+values(len(part), 3)+`
			ON CONFLICT DO NOTHING`, args...); err != nil {
			return wrap(err, "insert %d mentions", len(part))
		}
	}
	return nil
}

func (s *Store) insertTags(ctx context.Context, id social.ID, tags []string) error {
	for len(tags) > 0 {
		part := tags[:min(len(tags), chunk)]
		tags = tags[len(part):]
		args := make([]any, 0, 2*len(part))
		for _, t := range part {
			args = append(args, t, int64(id))
		}
		if _, err := s.exec(ctx, `
			INSERT INTO status_tags (tag, status_id)
			VALUES `+values(len(part), 2)+`
			ON CONFLICT DO NOTHING`, args...); err != nil {
			return wrap(err, "insert %d tags", len(part))
		}
	}
	return nil
}

// Mentions implements social.StatusStore; each list is ordered by account.
func (s *Store) Mentions(ctx context.Context, ids []social.ID) (map[social.ID][]social.Mention, error) {
	out := make(map[social.ID][]social.Mention, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		status social.ID
		social.Mention
	}
	var args []any
	rows, err := list(ctx, s, func(r scanner) (x row, err error) {
		err = r.Scan(&x.status, &x.AccountID, &x.Silent)
		return x, err
	}, `
		SELECT m.status_id, m.account_id, m.silent
		FROM status_mentions m
		WHERE m.status_id IN (`+inIDs(&args, ids)+`)
		ORDER BY m.status_id, m.account_id`, args...)
	for _, x := range rows {
		out[x.status] = append(out[x.status], x.Mention)
	}
	return out, wrap(err, "mentions of %d statuses", len(ids))
}

// Tags implements social.StatusStore.
func (s *Store) Tags(ctx context.Context, ids []social.ID) (map[social.ID][]string, error) {
	out := make(map[social.ID][]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		status social.ID
		tag    string
	}
	var args []any
	rows, err := list(ctx, s, func(r scanner) (x row, err error) {
		err = r.Scan(&x.status, &x.tag)
		return x, err
	}, `
		SELECT t.status_id, t.tag
		FROM status_tags t
		WHERE t.status_id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, x := range rows {
		out[x.status] = append(out[x.status], x.tag)
	}
	for _, tags := range out { // in Go: collations differ between the engines
		slices.Sort(tags)
	}
	return out, wrap(err, "tags of %d statuses", len(ids))
}

// MentionedLately implements social.StatusStore.
func (s *Store) MentionedLately(ctx context.Context, author social.ID, since time.Time, statuses, limit int) ([]social.Account, error) {
	out, err := list(ctx, s, scanAccount, `
		SELECT `+accountColumns+`
		FROM accounts a
		WHERE a.domain <> '' AND a.id IN (
			SELECT m.account_id
			FROM status_mentions m
			WHERE m.status_id IN (
				SELECT s.id
				FROM statuses s
				WHERE s.account_id = $1 AND s.created_at >= $2 AND s.deleted_at = 0
				ORDER BY s.id DESC
				LIMIT $3))
		ORDER BY a.id
		LIMIT $4`, int64(author), millis(since), int64(statuses), int64(limit))
	return out, wrap(err, "accounts that %d mentioned lately", author)
}

// AddMention implements social.StatusStore: it records somebody who was addressed without being known at first, and sets
// the visibility that follows from it unless v is empty.
func (s *Store) AddMention(ctx context.Context, id social.ID, m social.Mention, v social.Visibility) error {
	err := s.atomic(ctx, func(s *Store) error {
		var account social.ID
		const q = `
			SELECT s.account_id
			FROM statuses s
			WHERE s.id = $1`
		if err := s.row(ctx, q, int64(id)).Scan(&account); err != nil {
			return missing(err, "look it up")
		}
		err := s.insertMentions(ctx, id, []social.Mention{m})
		if err == nil {
			err = s.marked(ctx, id, m.AccountID)
		}
		if err != nil || v == "" {
			return err
		}
		// Direct statuses are not counted, so one that stops being direct is.
		const undirect = `
			UPDATE statuses
			SET visibility = $2
			WHERE id = $1 AND visibility = 'direct'`
		if v != social.Direct {
			n, err := s.exec(ctx, undirect, int64(id), string(v))
			if err != nil {
				return err
			}
			if n > 0 {
				return s.addStatuses(ctx, []social.ID{account}, 1)
			}
		}
		const set = `
			UPDATE statuses
			SET visibility = $2
			WHERE id = $1`
		_, err = s.exec(ctx, set, int64(id), string(v))
		return err
	})
	return wrap(err, "add mention of %d to status %d", m.AccountID, id)
}
