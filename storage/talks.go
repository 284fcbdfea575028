package storage

import (
	"context"
	"errors"

	"orrery/social"
	"orrery/storage/sqldb"
)

const talkColumns = `t.id, t.account_id, t.conversation, t.participants, t.last_status_id, t.unread`

func scanTalk(r scanner) (social.Talk, error) {
	var t social.Talk
	var participants string
	err := r.Scan(&t.ID, &t.AccountID, &t.Conversation, &participants, &t.LastStatusID, &t.Unread)
	for _, word := range words(participants) {
		if id, ok := social.ParseID(word); ok {
			t.Participants = append(t.Participants, id)
		}
	}
	return t, err
}

// PutTalk implements social.TalkStore. An earlier status does not take the place of a later one.
func (s *Store) PutTalk(ctx context.Context, t social.Talk) error {
	const q = `
		INSERT INTO talks (id, account_id, conversation, participants, last_status_id, unread)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, conversation, participants) DO UPDATE
		SET last_status_id = excluded.last_status_id, unread = excluded.unread
		WHERE talks.last_status_id < excluded.last_status_id
		RETURNING id`
	err := s.atomic(ctx, func(s *Store) error {
		id, err := scanID(s.row(ctx, q, int64(t.ID), int64(t.AccountID), t.Conversation, t.Key(), int64(t.LastStatusID), t.Unread))
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil // it has a later one
		}
		if err != nil {
			return err
		}
		return s.Tell(ctx, social.News{Kind: social.NewsTalk, Subject: id, Feeds: []social.ID{t.AccountID}})
	})
	return wrap(err, "put talk of %d in %s", t.AccountID, t.Conversation)
}

// TalkByID implements social.TalkStore.
func (s *Store) TalkByID(ctx context.Context, account, id social.ID) (social.Talk, error) {
	const q = `
		SELECT ` + talkColumns + `
		FROM talks t
		WHERE t.id = $1 AND t.account_id = $2`
	t, err := scanTalk(s.row(ctx, q, int64(id), int64(account)))
	return t, missing(err, "talk %d of %d", id, account)
}

// Talks implements social.TalkStore.
func (s *Store) Talks(ctx context.Context, account social.ID, p social.Page) ([]social.Talk, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanTalk, `
		SELECT `+talkColumns+`
		FROM talks t
		WHERE t.account_id = $1 AND t.last_status_id < $2 AND t.last_status_id > $3
		ORDER BY t.last_status_id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "talks of %d", account))
}

// SetTalkUnread implements social.TalkStore. It is ErrNotFound when account has no such talk.
func (s *Store) SetTalkUnread(ctx context.Context, account, id social.ID, unread bool) error {
	const q = `
		UPDATE talks
		SET unread = $3
		WHERE id = $1 AND account_id = $2`
	n, err := s.exec(ctx, q, int64(id), int64(account), unread)
	return touched(n, err, "mark talk %d of %d", id, account)
}

// DeleteTalk implements social.TalkStore. It is ErrNotFound when account has no such talk.
func (s *Store) DeleteTalk(ctx context.Context, account, id social.ID) error {
	const q = `
		DELETE FROM talks
		WHERE account_id = $1 AND id = $2`
	return s.deleteOne(ctx, q, "talk", account, id)
}
