package storage

import (
	"context"
	"strconv"
	"time"

	"orrery/social"
)

const cardColumns = `c.id, c.url, c.kind, c.title, c.description, c.author_name, c.author_url, c.author_id, c.provider_name, c.provider_url,
			c.image_url, c.image_description, c.embed_url, c.width, c.height, c.language, c.published_at, c.fetched_at`

func scanCard(r scanner, more ...any) (social.Card, error) {
	var c social.Card
	var id, author, width, height, published, fetched int64
	err := r.Scan(append([]any{
		&id, &c.URL, &c.Kind, &c.Title, &c.Description, &c.AuthorName, &c.AuthorURL, &author, &c.ProviderName, &c.ProviderURL,
		&c.ImageURL, &c.ImageDescription, &c.EmbedURL, &width, &height, &c.Language, &published, &fetched,
	}, more...)...)
	c.ID, c.AuthorID, c.Width, c.Height = social.ID(id), social.ID(author), int(width), int(height)
	c.PublishedAt, c.FetchedAt = fromMillis(published), fromMillis(fetched)
	return c, err
}

// CardByID implements social.CardStore.
func (s *Store) CardByID(ctx context.Context, id social.ID) (social.Card, error) {
	const q = `
		SELECT ` + cardColumns + `
		FROM cards c
		WHERE c.id = $1`
	c, err := scanCard(s.row(ctx, q, int64(id)))
	return c, missing(err, "card %d", id)
}

// CardByURL implements social.CardStore.
func (s *Store) CardByURL(ctx context.Context, url string) (social.Card, error) {
	const q = `
		SELECT ` + cardColumns + `
		FROM cards c
		WHERE c.url = $1`
	c, err := scanCard(s.row(ctx, q, url))
	return c, missing(err, "card of %s", url)
}

// CardsByID implements social.CardStore.
func (s *Store) CardsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Card, error) {
	out := map[social.ID]social.Card{}
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, func(r scanner) (social.Card, error) { return scanCard(r) }, `
		SELECT `+cardColumns+`
		FROM cards c
		WHERE c.id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, c := range found {
		out[c.ID] = c
	}
	return out, wrap(err, "%d cards", len(ids))
}

// Cards implements social.CardStore.
func (s *Store) Cards(ctx context.Context, statuses []social.ID) (map[social.ID]social.Card, error) {
	out := map[social.ID]social.Card{}
	if len(statuses) == 0 {
		return out, nil
	}
	var args []any
	_, err := list(ctx, s, func(r scanner) (struct{}, error) {
		var status int64
		var link string
		c, err := scanCard(r, &status, &link)
		c.Link = link
		out[social.ID(status)] = c
		return struct{}{}, err
	}, `
		SELECT `+cardColumns+`, x.status_id, x.url
		FROM status_cards x
		JOIN cards c ON c.id = x.card_id
		WHERE x.status_id IN (`+inIDs(&args, statuses)+`)`, args...)
	return out, wrap(err, "cards of %d statuses", len(statuses))
}

// PutCard implements social.CardStore.
func (s *Store) PutCard(ctx context.Context, c social.Card) (social.ID, error) {
	const q = `
		INSERT INTO cards (id, url, host, kind, title, description, author_name, author_url, author_id, provider_name, provider_url,
			image_url, image_description, embed_url, width, height, language, published_at, fetched_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (url) DO UPDATE
		SET kind = excluded.kind, title = excluded.title, description = excluded.description, author_name = excluded.author_name,
			author_url = excluded.author_url, author_id = excluded.author_id, provider_name = excluded.provider_name,
			provider_url = excluded.provider_url, image_url = excluded.image_url, image_description = excluded.image_description,
			embed_url = excluded.embed_url, width = excluded.width, height = excluded.height, language = excluded.language,
			published_at = excluded.published_at, fetched_at = excluded.fetched_at
		RETURNING id`
	var id int64
	err := s.row(ctx, q, int64(c.ID), c.URL, c.Host(), c.Kind, c.Title, c.Description, c.AuthorName, c.AuthorURL, int64(c.AuthorID), c.ProviderName,
		c.ProviderURL, c.ImageURL, c.ImageDescription, c.EmbedURL, int64(c.Width), int64(c.Height), c.Language, millis(c.PublishedAt), millis(c.FetchedAt)).Scan(&id)
	return social.ID(id), wrap(err, "keep the card of %s", c.URL)
}

// SetCard implements social.CardStore.
func (s *Store) SetCard(ctx context.Context, status, card social.ID, link string) error {
	const q = `
		INSERT INTO status_cards (status_id, card_id, url)
		VALUES ($1, $2, $3)
		ON CONFLICT (status_id) DO UPDATE
		SET card_id = excluded.card_id, url = excluded.url`
	_, err := s.exec(ctx, q, int64(status), int64(card), link)
	return wrap(err, "give %d the card %d", status, card)
}

// DeleteCard implements social.CardStore.
func (s *Store) DeleteCard(ctx context.Context, status social.ID) error {
	const q = `
		DELETE FROM status_cards
		WHERE status_id = $1`
	_, err := s.exec(ctx, q, int64(status))
	return wrap(err, "take the card of %d", status)
}

// linking are public posts with the cards that may trend: reviewed publishers' too, but for those that staff refused.
const linking = trending + `
			AND NOT EXISTS (SELECT 1 FROM trend_reviews v WHERE v.kind = 'publisher' AND v.subject = c.host AND NOT v.allowed)`

// LinkHours implements social.CardStore.
func (s *Store) LinkHours(ctx context.Context, since time.Time) ([]social.HourUse, error) {
	const q = `
		SELECT CAST(x.card_id AS TEXT), s.created_at / 3600000, COUNT(DISTINCT s.account_id)
		FROM statuses s
		JOIN status_cards x ON x.status_id = s.id
		JOIN cards c ON c.id = x.card_id
		WHERE s.id >= $1 AND c.title <> '' AND ` + linking + `
		GROUP BY 1, 2`
	out, err := list(ctx, s, scanHour, q, firstID(since))
	return out, wrap(err, "uses of links by the hour")
}

// LinkDays implements social.CardStore.
func (s *Store) LinkDays(ctx context.Context, cards []social.ID, since time.Time) (map[social.ID][]social.DayUse, error) {
	out := map[social.ID][]social.DayUse{}
	if len(cards) == 0 {
		return out, nil
	}
	args := []any{firstID(since)}
	_, err := list(ctx, s, func(r scanner) (struct{}, error) {
		var card string
		u, err := scanDay(r, &card)
		id, parsed := strconv.ParseInt(card, 10, 64)
		if parsed == nil {
			out[social.ID(id)] = append(out[social.ID(id)], u)
		}
		return struct{}{}, err
	}, `
		SELECT CAST(x.card_id AS TEXT), s.created_at / 86400000, COUNT(*), COUNT(DISTINCT s.account_id)
		FROM status_cards x
		JOIN statuses s ON s.id = x.status_id
		WHERE x.card_id IN (`+inIDs(&args, cards)+`) AND x.status_id >= $1 AND `+trending+`
		GROUP BY 1, 2`, args...)
	return out, wrap(err, "uses of %d links", len(cards))
}

// LinkTimeline implements social.CardStore.
func (s *Store) LinkTimeline(ctx context.Context, viewer, card social.ID, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	args := []any{k.below, k.above, k.limit, int64(card)}
	out, err := list(ctx, s, scanID, `
		SELECT s.id
		FROM status_cards x
		JOIN statuses s ON s.id = x.status_id
		WHERE x.card_id = $4 AND s.id < $1 AND s.id > $2 AND `+trending+wanted(&args, viewer)+`
		ORDER BY s.id `+k.order+`
		LIMIT $3`, args...)
	return turn(k, out, wrap(err, "posts that link to %d", card))
}
