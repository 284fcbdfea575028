package storage

import (
	"context"

	"orrery/social"
)

const listColumns = `l.id, l.account_id, l.title, l.replies_policy, l.exclusive, l.created_at`

func scanList(r scanner) (social.List, error) {
	var l social.List
	var replies string
	var created int64
	err := r.Scan(&l.ID, &l.AccountID, &l.Title, &replies, &l.Exclusive, &created)
	l.Replies, l.CreatedAt = social.RepliesPolicy(replies), fromMillis(created)
	return l, err
}

// InsertList implements social.ListStore.
func (s *Store) InsertList(ctx context.Context, l social.List) error {
	const q = `
		INSERT INTO lists (id, account_id, title, replies_policy, exclusive, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := s.exec(ctx, q, int64(l.ID), int64(l.AccountID), l.Title, string(l.Replies), l.Exclusive, millis(l.CreatedAt))
	return wrap(err, "insert list %q of %d", l.Title, l.AccountID)
}

// UpdateList implements social.ListStore.
func (s *Store) UpdateList(ctx context.Context, l social.List) error {
	const q = `
		UPDATE lists
		SET title = $3, replies_policy = $4, exclusive = $5
		WHERE id = $1 AND account_id = $2`
	n, err := s.exec(ctx, q, int64(l.ID), int64(l.AccountID), l.Title, string(l.Replies), l.Exclusive)
	return touched(n, err, "update list %d of %d", l.ID, l.AccountID)
}

// DeleteList implements social.ListStore; its feed and its members go with it.
func (s *Store) DeleteList(ctx context.Context, owner, id social.ID) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			DELETE FROM lists
			WHERE id = $1 AND account_id = $2`
		n, err := s.exec(ctx, q, int64(id), int64(owner))
		if err != nil {
			return err
		}
		if n == 0 {
			return social.ErrNotFound
		}
		const feed = `
			DELETE FROM home_entries
			WHERE account_id = $1`
		const members = `
			DELETE FROM list_accounts
			WHERE list_id = $1`
		for _, q := range []string{feed, members} {
			if _, err := s.exec(ctx, q, int64(id)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "delete list %d of %d", id, owner)
}

// ListByID implements social.ListStore.
func (s *Store) ListByID(ctx context.Context, owner, id social.ID) (social.List, error) {
	const q = `
		SELECT ` + listColumns + `
		FROM lists l
		WHERE l.id = $1 AND l.account_id = $2`
	l, err := scanList(s.row(ctx, q, int64(id), int64(owner)))
	return l, missing(err, "list %d of %d", id, owner)
}

// Lists implements social.ListStore, by id.
func (s *Store) Lists(ctx context.Context, owner social.ID) ([]social.List, error) {
	const q = `
		SELECT ` + listColumns + `
		FROM lists l
		WHERE l.account_id = $1
		ORDER BY l.id`
	out, err := list(ctx, s, scanList, q, int64(owner))
	return out, wrap(err, "lists of %d", owner)
}

// ListsWith implements social.ListStore, by id.
func (s *Store) ListsWith(ctx context.Context, owner, account social.ID) ([]social.List, error) {
	const q = `
		SELECT ` + listColumns + `
		FROM lists l
		JOIN list_accounts m ON m.list_id = l.id
		WHERE l.account_id = $1 AND m.account_id = $2
		ORDER BY l.id`
	out, err := list(ctx, s, scanList, q, int64(owner), int64(account))
	return out, wrap(err, "lists of %d with %d", owner, account)
}

// AddListMember implements social.ListStore.
func (s *Store) AddListMember(ctx context.Context, to social.ID, m social.ListMember) error {
	const q = `
		INSERT INTO list_accounts (id, list_id, account_id)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(m.ID), int64(to), int64(m.AccountID))
	return added(n, err, "add %d to list %d", m.AccountID, to)
}

// RemoveListMember implements social.ListStore. Who is not in it is passed over.
func (s *Store) RemoveListMember(ctx context.Context, from, account social.ID) error {
	const q = `
		DELETE FROM list_accounts
		WHERE list_id = $1 AND account_id = $2`
	_, err := s.exec(ctx, q, int64(from), int64(account))
	return wrap(err, "remove %d from list %d", account, from)
}

// LeaveLists implements social.ListStore, with account's posts in the lists' feeds.
func (s *Store) LeaveLists(ctx context.Context, owner, account social.ID) error {
	err := s.atomic(ctx, func(s *Store) error {
		const feeds = `
			DELETE FROM home_entries
			WHERE account_id IN (
					SELECT l.id
					FROM lists l
					JOIN list_accounts m ON m.list_id = l.id
					WHERE l.account_id = $1 AND m.account_id = $2)
				AND EXISTS (SELECT 1 FROM statuses s WHERE s.id = home_entries.status_id AND s.account_id = $2)`
		const members = `
			DELETE FROM list_accounts
			WHERE account_id = $2 AND list_id IN (SELECT l.id FROM lists l WHERE l.account_id = $1)`
		for _, q := range []string{feeds, members} {
			if _, err := s.exec(ctx, q, int64(owner), int64(account)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "take %d out of the lists of %d", account, owner)
}

// ListMembers implements social.ListStore.
func (s *Store) ListMembers(ctx context.Context, of social.ID, p social.Page) ([]social.ListMember, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (m social.ListMember, err error) {
		err = r.Scan(&m.ID, &m.AccountID)
		return m, err
	}, `
		SELECT m.id, m.account_id
		FROM list_accounts m
		WHERE m.list_id = $1 AND m.id < $2 AND m.id > $3
		ORDER BY m.id `+k.order+`
		LIMIT $4`, int64(of), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "members of list %d", of))
}

// InList implements social.ListStore.
func (s *Store) InList(ctx context.Context, of social.ID, accounts []social.ID) (map[social.ID]bool, error) {
	if len(accounts) == 0 {
		return map[social.ID]bool{}, nil
	}
	args := []any{int64(of)}
	found, err := setOf(ctx, s, scanID, `
		SELECT m.account_id
		FROM list_accounts m
		WHERE m.list_id = $1 AND m.account_id IN (`+inIDs(&args, accounts)+`)`, args...)
	return found, wrap(err, "which of %d accounts are in list %d", len(accounts), of)
}
