package storage

import (
	"context"
	"errors"

	"orrery/social"
)

// statusColumns are those of scanStatus, of a table called s.
const statusColumns = `s.id, s.uri, s.url, s.account_id, s.reply_to_id, s.reply_to_uri, s.reply_to_account_id,
	s.boost_of_id, s.visibility, s.content, s.source, s.spoiler_text, s.sensitive, s.language, s.object_type,
	s.conversation, s.local, s.created_at, s.edited_at, s.deleted_at, s.replies_count, s.boosts_count, s.favourites_count,
	s.origin_boosts, s.origin_favourites, s.replies_fetched_at, s.quote_policy, s.stamp`

func scanStatus(r scanner) (social.Status, error) { return scanStatusAnd(r) }

// scanStatusAnd is scanStatus with columns more.
func scanStatusAnd(r scanner, more ...any) (social.Status, error) {
	var x social.Status
	var id, account, replyTo, replyToAccount, boostOf, created, edited, deleted int64
	var originBoosts, originFavourites, repliesFetched int64
	var visibility, quotes string
	err := r.Scan(append([]any{
		&id, &x.URI, &x.URL, &account, &replyTo, &x.ReplyToURI, &replyToAccount, &boostOf, &visibility,
		&x.Content, &x.Source, &x.SpoilerText, &x.Sensitive, &x.Language, &x.ObjectType, &x.Conversation, &x.Local,
		&created, &edited, &deleted, &x.RepliesCount, &x.BoostsCount, &x.FavouritesCount,
		&originBoosts, &originFavourites, &repliesFetched, &quotes, &x.Stamp,
	}, more...)...)
	x.QuotePolicy = social.QuotePolicy(quotes)
	x.Origin = social.OriginCounts{Boosts: claim(originBoosts), Favourites: claim(originFavourites)}
	x.RepliesFetchedAt = fromMillis(repliesFetched)
	x.ID, x.AccountID, x.ReplyToID = social.ID(id), social.ID(account), social.ID(replyTo)
	x.ReplyToAccountID, x.BoostOfID = social.ID(replyToAccount), social.ID(boostOf)
	x.Visibility = social.Visibility(visibility)
	x.CreatedAt, x.EditedAt, x.DeletedAt = fromMillis(created), fromMillis(edited), fromMillis(deleted)
	return x, err
}

// StatusByID implements social.StatusStore.
func (s *Store) StatusByID(ctx context.Context, id social.ID) (social.Status, error) {
	const q = `
		SELECT ` + statusColumns + `
		FROM statuses s
		WHERE s.id = $1 AND s.deleted_at = 0`
	x, err := scanStatus(s.row(ctx, q, int64(id)))
	return x, missing(err, "status %d", id)
}

// StatusByURI implements social.StatusStore.
func (s *Store) StatusByURI(ctx context.Context, uri string) (social.Status, error) {
	const q = `
		SELECT ` + statusColumns + `
		FROM statuses s
		WHERE s.uri = $1 AND s.deleted_at = 0`
	x, err := scanStatus(s.row(ctx, q, uri))
	if err = missing(err, "status %s", uri); errors.Is(err, social.ErrNotFound) {
		return s.routedStatus(ctx, uri)
	}
	return x, err
}

// StatusesByID implements social.StatusStore.
func (s *Store) StatusesByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Status, error) {
	out := make(map[social.ID]social.Status, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanStatus, `
		SELECT `+statusColumns+`
		FROM statuses s
		WHERE s.id IN (`+inIDs(&args, ids)+`) AND s.deleted_at = 0`, args...)
	for _, x := range found {
		out[x.ID] = x
	}
	return out, wrap(err, "load %d statuses", len(ids))
}

// StatusDeleted implements social.StatusStore.
func (s *Store) StatusDeleted(ctx context.Context, id social.ID) (social.Status, error) {
	const q = `
		SELECT ` + statusColumns + `
		FROM statuses s
		WHERE s.id = $1 AND s.deleted_at <> 0`
	x, err := scanStatus(s.row(ctx, q, int64(id)))
	if err != nil {
		return x, missing(err, "deleted status %d", id)
	}
	mentions, err := s.Mentions(ctx, []social.ID{id})
	x.Mentions = mentions[id]
	return x, err
}

// BoostBy implements social.StatusStore.
func (s *Store) BoostBy(ctx context.Context, account, status social.ID) (social.Status, error) {
	const q = `
		SELECT ` + statusColumns + `
		FROM statuses s
		WHERE s.boost_of_id = $1 AND s.account_id = $2 AND s.boost_of_id <> 0 AND s.deleted_at = 0`
	x, err := scanStatus(s.row(ctx, q, int64(status), int64(account)))
	return x, missing(err, "boost of %d by %d", status, account)
}

// Outbox implements social.StatusStore.
func (s *Store) Outbox(ctx context.Context, account social.ID, p social.Page) ([]social.Status, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanStatus, `
		SELECT `+statusColumns+`
		FROM statuses s
		WHERE s.account_id = $1 AND s.id < $2 AND s.id > $3 AND s.visibility IN ('public', 'unlisted') AND s.deleted_at = 0
		ORDER BY s.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "outbox of %d", account))
}

// CountLocalStatuses implements social.StatusStore, from the counters of the local accounts; direct ones are not counted.
func (s *Store) CountLocalStatuses(ctx context.Context) (int64, error) {
	var n int64
	const q = `
		SELECT COALESCE(CAST(SUM(a.statuses_count) AS BIGINT), 0)
		FROM accounts a
		WHERE a.domain = ''`
	err := s.row(ctx, q).Scan(&n)
	return n, wrap(err, "count local statuses")
}
