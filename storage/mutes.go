package storage

import (
	"context"
	"slices"
	"time"

	"orrery/social"
)

// PutMute implements social.MuteStore. A mute that exists keeps its id.
func (s *Store) PutMute(ctx context.Context, m social.Mute) error {
	const q = `
		INSERT INTO mutes (id, account_id, target_id, hide_notifications, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, target_id) DO UPDATE
		SET hide_notifications = excluded.hide_notifications, expires_at = excluded.expires_at`
	_, err := s.exec(ctx, q, int64(m.ID), int64(m.AccountID), int64(m.TargetID), m.HideNotifications, millis(m.ExpiresAt),
		millis(m.CreatedAt))
	return wrap(err, "put mute of %d by %d", m.TargetID, m.AccountID)
}

const muteColumns = `m.id, m.account_id, m.target_id, m.hide_notifications, m.expires_at, m.created_at`

func scanMute(r scanner) (social.Mute, error) {
	var m social.Mute
	var expires, created int64
	err := r.Scan(&m.ID, &m.AccountID, &m.TargetID, &m.HideNotifications, &expires, &created)
	m.ExpiresAt, m.CreatedAt = fromMillis(expires), fromMillis(created)
	return m, err
}

// MuteBetween implements social.MuteStore.
func (s *Store) MuteBetween(ctx context.Context, account, target social.ID) (social.Mute, error) {
	const q = `
		SELECT ` + muteColumns + `
		FROM mutes m
		WHERE m.account_id = $1 AND m.target_id = $2`
	m, err := scanMute(s.row(ctx, q, int64(account), int64(target)))
	return m, missing(err, "mute of %d by %d", target, account)
}

// DeleteMute implements social.MuteStore. It is ErrNotFound when there is none.
func (s *Store) DeleteMute(ctx context.Context, account, target social.ID) error {
	const q = `
		DELETE FROM mutes
		WHERE account_id = $1 AND target_id = $2`
	return s.deleteOne(ctx, q, "mute", account, target)
}

// Mutes implements social.MuteStore.
func (s *Store) Mutes(ctx context.Context, account social.ID, p social.Page) ([]social.Mute, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanMute, `
		SELECT `+muteColumns+`
		FROM mutes m
		WHERE m.account_id = $1 AND m.id < $2 AND m.id > $3
		ORDER BY m.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "whom %d mutes", account))
}

// MuteConversation implements social.MuteStore.
func (s *Store) MuteConversation(ctx context.Context, account social.ID, conversation string, at time.Time) error {
	const q = `
		INSERT INTO conversation_mutes (account_id, conversation, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(account), conversation, millis(at))
	return wrap(err, "mute %s for %d", conversation, account)
}

// UnmuteConversation implements social.MuteStore.
func (s *Store) UnmuteConversation(ctx context.Context, account social.ID, conversation string) error {
	const q = `
		DELETE FROM conversation_mutes
		WHERE account_id = $1 AND conversation = $2`
	_, err := s.exec(ctx, q, int64(account), conversation)
	return wrap(err, "unmute %s for %d", conversation, account)
}

// MutedConversations implements social.MuteStore.
func (s *Store) MutedConversations(ctx context.Context, account social.ID, conversations []string) (map[string]bool, error) {
	conversations = slices.Clone(conversations)
	slices.Sort(conversations)
	conversations = slices.Compact(conversations)
	if len(conversations) == 0 {
		return map[string]bool{}, nil
	}
	args := []any{int64(account)}
	found, err := setOf(ctx, s, scanWord, `
		SELECT c.conversation
		FROM conversation_mutes c
		WHERE c.account_id = $1 AND c.conversation IN (`+inWords(&args, conversations)+`)`, args...)
	return found, wrap(err, "which of %d conversations %d mutes", len(conversations), account)
}

// ConversationMutedBy implements social.MuteStore.
func (s *Store) ConversationMutedBy(ctx context.Context, conversation string, accounts []social.ID) (map[social.ID]bool, error) {
	if len(accounts) == 0 || conversation == "" {
		return map[social.ID]bool{}, nil
	}
	args := []any{conversation}
	found, err := setOf(ctx, s, scanID, `
		SELECT c.account_id
		FROM conversation_mutes c
		WHERE c.conversation = $1 AND c.account_id IN (`+inIDs(&args, accounts)+`)`, args...)
	return found, wrap(err, "who mutes %s", conversation)
}
