package storage

import (
	"context"
	"time"

	"orrery/social"
)

// insertPoll writes the poll of status id with the tallies that it came with; nil is none.
func (s *Store) insertPoll(ctx context.Context, id social.ID, p *social.Poll) error {
	if p == nil {
		return nil
	}
	const q = `
		INSERT INTO polls (status_id, multiple, hide_totals, expires_at, voters_count, fetched_at, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`
	if _, err := s.exec(ctx, q, int64(id), p.Multiple, p.HideTotals, millis(p.ExpiresAt), p.Voters, millis(p.FetchedAt)); err != nil {
		return wrap(err, "insert poll")
	}
	return s.insertOptions(ctx, id, p.Options)
}

func (s *Store) insertOptions(ctx context.Context, id social.ID, options []social.PollOption) error {
	for from := 0; from < len(options); from += chunk {
		part := options[from:min(len(options), from+chunk)]
		args := make([]any, 0, 4*len(part))
		for i, o := range part {
			args = append(args, int64(id), int64(from+i), o.Title, o.Votes)
		}
		if _, err := s.exec(ctx, `
			INSERT INTO poll_options (status_id, position, title, votes)
			VALUES `+values(len(part), 4), args...); err != nil {
			return wrap(err, "insert %d options", len(part))
		}
	}
	return nil
}

// Polls implements social.PollStore.
func (s *Store) Polls(ctx context.Context, ids []social.ID) (map[social.ID]social.Poll, error) {
	out := make(map[social.ID]social.Poll)
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	polls, err := list(ctx, s, scanPoll, `
		SELECT p.status_id, p.multiple, p.hide_totals, p.expires_at, p.voters_count, p.fetched_at
		FROM polls p
		WHERE p.status_id IN (`+inIDs(&args, ids)+`)`, args...)
	if err != nil || len(polls) == 0 {
		return out, wrap(err, "polls of %d statuses", len(ids))
	}
	type row struct {
		poll social.ID
		social.PollOption
	}
	args, ids = nil, nil
	for _, p := range polls {
		out[p.StatusID], ids = p, append(ids, p.StatusID)
	}
	options, err := list(ctx, s, func(r scanner) (x row, err error) {
		err = r.Scan(&x.poll, &x.Title, &x.Votes)
		return x, err
	}, `
		SELECT o.status_id, o.title, o.votes
		FROM poll_options o
		WHERE o.status_id IN (`+inIDs(&args, ids)+`)
		ORDER BY o.status_id, o.position`, args...)
	for _, o := range options {
		p := out[o.poll]
		p.Options = append(p.Options, o.PollOption)
		out[o.poll] = p
	}
	return out, wrap(err, "options of %d polls", len(ids))
}

func scanPoll(r scanner) (social.Poll, error) {
	var p social.Poll
	var expires, fetched int64
	err := r.Scan(&p.StatusID, &p.Multiple, &p.HideTotals, &expires, &p.Voters, &fetched)
	p.ExpiresAt, p.FetchedAt = fromMillis(expires), fromMillis(fetched)
	return p, err
}

// ReplacePoll implements social.PollStore.
func (s *Store) ReplacePoll(ctx context.Context, id social.ID, p *social.Poll) error {
	err := s.atomic(ctx, func(s *Store) error {
		known, err := s.Polls(ctx, []social.ID{id})
		if err != nil {
			return err
		}
		if old, ok := known[id]; ok && p != nil && old.SameQuestion(p) {
			const q = `
				UPDATE polls
				SET expires_at = $2, hide_totals = $3
				WHERE status_id = $1`
			_, err := s.exec(ctx, q, int64(id), millis(p.ExpiresAt), p.HideTotals)
			return err
		}
		const votes = `
			DELETE FROM poll_votes
			WHERE status_id = $1`
		const options = `
			DELETE FROM poll_options
			WHERE status_id = $1`
		const poll = `
			DELETE FROM polls
			WHERE status_id = $1`
		for _, q := range []string{votes, options, poll} {
			if _, err := s.exec(ctx, q, int64(id)); err != nil {
				return err
			}
		}
		return s.insertPoll(ctx, id, p)
	})
	return wrap(err, "replace the poll of %d", id)
}

// UpdateTallies implements social.PollStore. ErrNotFound when there is no poll.
func (s *Store) UpdateTallies(ctx context.Context, p social.Poll) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			UPDATE polls
			SET expires_at = $2, voters_count = $3, fetched_at = $4
			WHERE status_id = $1`
		n, err := s.exec(ctx, q, int64(p.StatusID), millis(p.ExpiresAt), p.Voters, millis(p.FetchedAt))
		if err == nil && n == 0 {
			err = social.ErrNotFound
		}
		if err != nil {
			return err
		}
		const option = `
			UPDATE poll_options
			SET votes = $3
			WHERE status_id = $1 AND position = $2 AND votes <> $3`
		for i, o := range p.Options {
			if _, err := s.exec(ctx, option, int64(p.StatusID), int64(i), o.Votes); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "tallies of %d", p.StatusID)
}

// InsertVotes implements social.PollStore. All votes are of one account in one poll.
func (s *Store) InsertVotes(ctx context.Context, votes []social.PollVote) (first bool, err error) {
	if len(votes) == 0 {
		return false, nil
	}
	poll, account := int64(votes[0].StatusID), int64(votes[0].AccountID)
	err = s.atomic(ctx, func(s *Store) error {
		// Writing the row holds it: on PostgreSQL two votes of one person would otherwise not see each other.
		const hold = `
			UPDATE polls
			SET voters_count = voters_count
			WHERE status_id = $1
			RETURNING multiple`
		var multiple bool
		if err := s.row(ctx, hold, poll).Scan(&multiple); err != nil {
			return missing(err, "hold")
		}
		const before = `
			SELECT COUNT(*)
			FROM poll_votes v
			WHERE v.status_id = $1 AND v.account_id = $2`
		var n int64
		if err := s.row(ctx, before, poll, account).Scan(&n); err != nil {
			return err
		}
		if first = n == 0; !first && !multiple {
			return social.ErrConflict
		}
		for _, v := range votes {
			if err := s.insertVote(ctx, v); err != nil {
				return err
			}
		}
		if !first {
			return nil
		}
		const count = `
			UPDATE polls
			SET voters_count = voters_count + 1
			WHERE status_id = $1 AND voters_count >= 0`
		_, err := s.exec(ctx, count, poll)
		return err
	})
	return first, wrap(err, "vote of %d in %d", account, poll)
}

func (s *Store) insertVote(ctx context.Context, v social.PollVote) error {
	const q = `
		INSERT INTO poll_votes (id, status_id, account_id, choice, uri, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(v.ID), int64(v.StatusID), int64(v.AccountID), int64(v.Choice), v.URI, millis(v.CreatedAt))
	if err == nil && n == 0 {
		err = social.ErrConflict
	}
	if err != nil {
		return err
	}
	const count = `
		UPDATE poll_options
		SET votes = votes + 1
		WHERE status_id = $1 AND position = $2`
	_, err = s.exec(ctx, count, int64(v.StatusID), int64(v.Choice))
	return err
}

// VoteByID implements social.PollStore.
func (s *Store) VoteByID(ctx context.Context, id social.ID) (social.PollVote, error) {
	v := social.PollVote{ID: id}
	var created int64
	const q = `
		SELECT v.status_id, v.account_id, v.choice, v.uri, v.created_at
		FROM poll_votes v
		WHERE v.id = $1`
	err := s.row(ctx, q, int64(id)).Scan(&v.StatusID, &v.AccountID, &v.Choice, &v.URI, &created)
	v.CreatedAt = fromMillis(created)
	return v, missing(err, "vote %d", id)
}

// OwnVotes implements social.PollStore.
func (s *Store) OwnVotes(ctx context.Context, account social.ID, ids []social.ID) (map[social.ID][]int, error) {
	out := make(map[social.ID][]int)
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{int64(account)}
	votes, err := list(ctx, s, func(r scanner) (v social.PollVote, err error) {
		err = r.Scan(&v.StatusID, &v.Choice)
		return v, err
	}, `
		SELECT v.status_id, v.choice
		FROM poll_votes v
		WHERE v.account_id = $1 AND v.status_id IN (`+inIDs(&args, ids)+`)
		ORDER BY v.status_id, v.choice`, args...)
	for _, v := range votes {
		out[v.StatusID] = append(out[v.StatusID], v.Choice)
	}
	return out, wrap(err, "votes of %d", account)
}

// Voters implements social.PollStore.
func (s *Store) Voters(ctx context.Context, id social.ID) ([]social.Account, error) {
	out, err := list(ctx, s, scanAccount, `
		SELECT `+accountColumns+`
		FROM accounts a
		WHERE a.id IN (
			SELECT v.account_id
			FROM poll_votes v
			WHERE v.status_id = $1)
		ORDER BY a.id`, int64(id))
	return out, wrap(err, "who voted in %d", id)
}

// ClaimTelling implements social.PollStore.
func (s *Store) ClaimTelling(ctx context.Context, id social.ID, since, now time.Time) (bool, error) {
	const q = `
		UPDATE polls
		SET told_at = $3
		WHERE status_id = $1 AND told_at <= $2`
	n, err := s.exec(ctx, q, int64(id), millis(since), millis(now))
	return n > 0, wrap(err, "claim the telling of %d", id)
}
