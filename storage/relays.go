package storage

import (
	"context"

	"orrery/social"
)

const relayColumns = `id, inbox_url, state, follow_uri, created_at`

func scanRelay(r scanner) (social.Relay, error) {
	var out social.Relay
	var state string
	var created int64
	err := r.Scan(&out.ID, &out.Inbox, &state, &out.FollowURI, &created)
	out.State, out.CreatedAt = social.RelayState(state), fromMillis(created)
	return out, err
}

// InsertRelay implements social.RelayStore.
func (s *Store) InsertRelay(ctx context.Context, r social.Relay) error {
	const q = `
		INSERT INTO relays (` + relayColumns + `)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(r.ID), r.Inbox, string(r.State), r.FollowURI, millis(r.CreatedAt))
	return added(n, err, "add relay %s", r.Inbox)
}

// UpdateRelay implements social.RelayStore.
func (s *Store) UpdateRelay(ctx context.Context, r social.Relay) error {
	const q = `
		UPDATE relays
		SET state = $2, follow_uri = $3
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(r.ID), string(r.State), r.FollowURI)
	return touched(n, err, "change relay %s", r.Inbox)
}

// DeleteRelay implements social.RelayStore.
func (s *Store) DeleteRelay(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM relays
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "remove relay %d", id)
}

// RelayByInbox implements social.RelayStore.
func (s *Store) RelayByInbox(ctx context.Context, inbox string) (social.Relay, error) {
	r, err := scanRelay(s.row(ctx, `
		SELECT `+relayColumns+`
		FROM relays
		WHERE inbox_url = $1`, inbox))
	return r, missing(err, "relay at %s", inbox)
}

// RelayByFollow implements social.RelayStore.
func (s *Store) RelayByFollow(ctx context.Context, uri string) (social.Relay, error) {
	r, err := scanRelay(s.row(ctx, `
		SELECT `+relayColumns+`
		FROM relays
		WHERE follow_uri = $1 AND follow_uri <> ''`, uri))
	return r, missing(err, "relay asked by %s", uri)
}

// Relays implements social.RelayStore.
func (s *Store) Relays(ctx context.Context) ([]social.Relay, error) {
	out, err := list(ctx, s, scanRelay, `
		SELECT `+relayColumns+`
		FROM relays
		ORDER BY id`)
	return out, wrap(err, "list relays")
}
