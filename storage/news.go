package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"orrery/social"
	"orrery/storage/sqldb"
)

// newsChannel is where processes over one PostgreSQL tell each other news. Each hears its own there too.
const newsChannel = "orrery_news"

// A piece of news has room in the 8,000 bytes of a notification: an id has at most 20 characters with its comma, the hash
// of a token 67.
const (
	feedsInNews  = 300
	tokensInNews = 100
)

// Tell implements social.NewsStore. PostgreSQL keeps notifications back until the commit by itself.
func (s *Store) Tell(ctx context.Context, n social.News) error {
	for _, part := range divide(n) {
		if s.Dialect() != "postgres" {
			s.AfterEnd(func(committed bool) {
				if committed && s.news != nil {
					s.news(part)
				}
			})
			continue
		}
		payload, err := json.Marshal(part)
		if err == nil {
			_, err = s.exec(ctx, `SELECT pg_notify($1, $2)`, newsChannel, string(payload))
		}
		if err != nil {
			return wrap(err, "tell news of %s %d", n.Kind, n.Subject)
		}
	}
	return nil
}

// divide makes pieces of n that fit. Only the first speaks to everybody.
func divide(n social.News) []social.News {
	var parts []social.News
	for tokens := range slices.Chunk(n.Tokens, tokensInNews) {
		parts = append(parts, social.News{Kind: n.Kind, Tokens: tokens})
	}
	for feeds := range slices.Chunk(n.Feeds, feedsInNews) {
		parts = append(parts, social.News{Kind: n.Kind, Subject: n.Subject, Feeds: feeds})
	}
	if n.Public && len(parts) == 0 {
		parts = []social.News{{Kind: n.Kind, Subject: n.Subject, Word: n.Word}}
	}
	if n.Public {
		parts[0].Public = true
	}
	return parts
}

// listen passes on what other processes tell; nothing but PostgreSQL has any.
func (s *Store) listen(ctx context.Context, lost func()) error {
	db, ok := s.db.(sqldb.Listener)
	if s.news == nil || !ok {
		return nil
	}
	if lost == nil {
		lost = func() {}
	}
	err := db.Listen(ctx, newsChannel, func(payload string) {
		var n social.News
		if json.Unmarshal([]byte(payload), &n) == nil { // else a newer version's
			s.news(n)
		}
	}, lost)
	if err != nil {
		return fmt.Errorf("listen to the news of other processes: %w", err)
	}
	return nil
}

// FeedsWith implements social.NewsStore.
func (s *Store) FeedsWith(ctx context.Context, status social.ID) ([]social.ID, error) {
	out, err := list(ctx, s, scanID, `
		SELECT h.account_id
		FROM home_entries h
		WHERE h.status_id = $1
		UNION
		SELECT b.account_id
		FROM home_entries b
		WHERE b.boost_of_id = $1 AND b.boost_of_id <> 0`, int64(status))
	return out, wrap(err, "feeds with %d", status)
}
