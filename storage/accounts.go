package storage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"orrery/social"
)

// accountColumns are those of scanAccount, of a table called a.
const accountColumns = `a.id, a.username, a.domain, a.uri, a.url, a.actor_type, a.display_name, a.note, a.locked,
	a.discoverable, a.inbox_url, a.shared_inbox_url, a.outbox_url, a.followers_url, a.following_url, a.featured_url,
	a.key_id, a.public_key, a.avatar_url, a.header_url, a.followers_count, a.following_count, a.statuses_count,
	a.created_at, a.fetched_at, a.last_status_at, a.revision,
	a.suspended_at, a.suspension_origin, a.silenced_at, a.sensitized_at, a.deleted_at, a.moved_to_id,
	a.fields, a.also_known_as, a.attribution_domains, a.featured_tags_url, a.avatar_key, a.avatar_description,
	a.header_key, a.header_description, a.indexable, a.memorial, a.hide_collections, a.waiting,
	a.hide_media, a.hide_media_replies, a.hide_featured, a.stamp`

func scanAccount(r scanner) (social.Account, error) {
	var a social.Account
	var id, created, fetched, lastStatus, revision int64
	var standing standingRow
	err := r.Scan(&id, &a.Username, &a.Domain, &a.URI, &a.URL, &a.ActorType, &a.DisplayName, &a.Note, &a.Locked,
		&a.Discoverable, &a.InboxURL, &a.SharedInboxURL, &a.OutboxURL, &a.FollowersURL, &a.FollowingURL, &a.FeaturedURL,
		&a.KeyID, &a.PublicKeyPEM, &a.AvatarURL, &a.HeaderURL, &a.FollowersCount, &a.FollowingCount, &a.StatusesCount,
		&created, &fetched, &lastStatus, &revision,
		&standing.suspended, &standing.origin, &standing.silenced, &standing.sensitized, &standing.deleted, &a.MovedToID,
		asJSON(&a.Fields), asJSON(&a.AlsoKnownAs), asJSON(&a.AttributionDomains), &a.FeaturedTagsURL, &a.AvatarKey,
		&a.AvatarDescription, &a.HeaderKey, &a.HeaderDescription, &a.Indexable, &a.Memorial, &a.HideCollections, &a.Waiting,
		&a.HideMedia, &a.HideMediaReplies, &a.HideFeatured, &a.Stamp)
	a.ID, a.Revision, a.Standing = social.ID(id), social.ID(revision), standing.read()
	a.CreatedAt, a.FetchedAt, a.LastStatusAt = fromMillis(created), fromMillis(fetched), fromMillis(lastStatus)
	return a, err
}

// AccountByID implements social.AccountStore.
func (s *Store) AccountByID(ctx context.Context, id social.ID) (social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.id = $1`
	a, err := scanAccount(s.row(ctx, q, int64(id)))
	return a, missing(err, "account %d", id)
}

// AccountByURI implements social.AccountStore.
func (s *Store) AccountByURI(ctx context.Context, uri string) (social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.uri = $1`
	a, err := scanAccount(s.row(ctx, q, uri))
	if err = missing(err, "account %s", uri); errors.Is(err, social.ErrNotFound) {
		return s.routed(ctx, uri)
	}
	return a, err
}

// AccountByHandle implements social.AccountStore.
func (s *Store) AccountByHandle(ctx context.Context, username, domain string) (social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.username_lower = $1 AND a.domain = $2`
	a, err := scanAccount(s.row(ctx, q, strings.ToLower(username), strings.ToLower(domain)))
	return a, missing(err, "account %s@%s", username, domain)
}

// AccountsByID implements social.AccountStore.
func (s *Store) AccountsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Account, error) {
	out := make(map[social.ID]social.Account, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	_, err := list(ctx, s, func(r scanner) (none struct{}, err error) {
		a, err := scanAccount(r)
		out[a.ID] = a
		return none, err
	}, `
		SELECT `+accountColumns+`
		FROM accounts a
		WHERE a.id IN (`+inIDs(&args, ids)+`)`, args...)
	return out, wrap(err, "load %d accounts by id", len(ids))
}

// AccountsByURI implements social.AccountStore.
func (s *Store) AccountsByURI(ctx context.Context, uris []string) (map[string]social.Account, error) {
	out := map[string]social.Account{}
	for part := range slices.Chunk(uris, chunk) { // strangers decide how many there are
		var args []any
		found, err := list(ctx, s, scanAccount, `
			SELECT `+accountColumns+`
			FROM accounts a
			WHERE a.uri IN (`+inWords(&args, part)+`)`, args...)
		if err != nil {
			return nil, wrap(err, "load %d accounts by URI", len(uris))
		}
		for _, a := range found {
			out[a.URI] = a
		}
	}
	return out, wrap(s.routedAll(ctx, uris, out), "load %d accounts by URI", len(uris))
}

// LocalAccounts implements social.AccountStore.
func (s *Store) LocalAccounts(ctx context.Context) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.domain = '' AND a.id <> $1
		ORDER BY a.id`
	out, err := list(ctx, s, scanAccount, q, int64(social.InstanceActorID))
	return out, wrap(err, "list local accounts")
}

// maxNameWords bounds how many words of a search are looked for in names.
const maxNameWords = 6

// SearchAccounts implements social.AccountStore. It walks the table: no index serves LIKE on both engines.
func (s *Store) SearchAccounts(ctx context.Context, q string, limit int) ([]social.Account, error) {
	q = strings.ToLower(strings.TrimSpace(q))
	words := strings.Fields(q)
	args := []any{q, int64(social.InstanceActorID), int64(max(limit, 0))}
	where := ""
	for _, word := range words[:min(len(words), maxNameWords)] {
		begins, within := param(&args, likeText(word)+"%"), param(&args, "% "+likeText(word)+"%")
		where += `
			AND (a.username_lower LIKE ` + begins + ` ESCAPE '\' OR a.name_lower LIKE ` + begins + ` ESCAPE '\' OR a.name_lower LIKE ` + within + ` ESCAPE '\')`
	}
	if where == "" {
		return nil, nil
	}
	out, err := list(ctx, s, scanAccount, `
		SELECT `+accountColumns+`
		FROM accounts a
		WHERE a.id <> $2 AND NOT a.waiting`+where+`
		ORDER BY CASE WHEN a.username_lower = $1 THEN 0 ELSE 1 END, a.followers_count DESC, a.id
		LIMIT $3`, args...)
	return out, wrap(err, "search accounts %q", q)
}

// Username implements activitylog.Namer.
func (s *Store) Username(ctx context.Context, uri string) (string, error) {
	const q = `
		SELECT username
		FROM accounts
		WHERE uri = $1`
	var name string
	err := s.row(ctx, q, uri).Scan(&name)
	if err = missing(err, "username of %s", uri); errors.Is(err, social.ErrNotFound) {
		return "", nil
	}
	return name, err
}
