package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orrery/social"
	"orrery/storage/sqldb"
)

// InsertAccount implements social.AccountStore.
func (s *Store) InsertAccount(ctx context.Context, a social.Account, privatePEM string) error {
	const q = `
		INSERT INTO accounts (id, username, username_lower, domain, uri, url, actor_type, display_name, name_lower, note,
			locked, discoverable, inbox_url, shared_inbox_url, outbox_url, followers_url, following_url, featured_url,
			key_id, public_key, private_key, avatar_url, header_url, followers_count, following_count, statuses_count,
			created_at, fetched_at, last_status_at, fields, also_known_as, attribution_domains, featured_tags_url,
			 avatar_key, avatar_description, header_key, header_description, indexable, memorial,
			hide_collections, waiting, hide_media, hide_media_replies, hide_featured)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
			$24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(a.ID), a.Username, strings.ToLower(a.Username), strings.ToLower(a.Domain), a.URI, a.URL,
		a.ActorType, a.DisplayName, strings.ToLower(a.DisplayName), a.Note, a.Locked, a.Discoverable, a.InboxURL,
		a.SharedInboxURL, a.OutboxURL, a.FollowersURL, a.FollowingURL, a.FeaturedURL, a.KeyID, a.PublicKeyPEM, privatePEM,
		a.AvatarURL, a.HeaderURL, a.FollowersCount, a.FollowingCount, a.StatusesCount,
		millis(a.CreatedAt), millis(a.FetchedAt), millis(a.LastStatusAt), toJSON(a.Fields), toJSON(a.AlsoKnownAs),
		toJSON(a.AttributionDomains), a.FeaturedTagsURL, a.AvatarKey, a.AvatarDescription, a.HeaderKey,
		a.HeaderDescription, a.Indexable, a.Memorial, a.HideCollections, a.Waiting,
		a.HideMedia, a.HideMediaReplies, a.HideFeatured)
	return added(n, err, "insert account %s", a.URI)
}

// UpdateAccount implements social.AccountStore. Id, handle, URI and creation date stay; so does the private key.
func (s *Store) UpdateAccount(ctx context.Context, a social.Account) error {
	if a.Local() || !a.Indexable { // posts of people here are found by their author anyway
		return s.updateAccount(ctx, a)
	}
	return s.atomic(ctx, func(s *Store) error {
		var before bool
		const q = `
			SELECT indexable
			FROM accounts
			WHERE id = $1`
		if err := s.row(ctx, q, int64(a.ID)).Scan(&before); err != nil {
			return missing(err, "update account %d", a.ID)
		}
		if err := s.updateAccount(ctx, a); err != nil || before {
			return err
		}
		return s.opened(ctx, a.ID)
	})
}

func (s *Store) updateAccount(ctx context.Context, a social.Account) error {
	const q = `
		UPDATE accounts
		SET url = $2, actor_type = $3, display_name = $4, name_lower = $5, note = $6, locked = $7, discoverable = $8,
			inbox_url = $9, shared_inbox_url = $10, outbox_url = $11, followers_url = $12, following_url = $13,
			featured_url = $14, key_id = $15, public_key = $16, avatar_url = $17, header_url = $18, fetched_at = $19, revision = $23,
			followers_count = CASE WHEN domain = '' THEN followers_count ELSE $20 END,
			following_count = CASE WHEN domain = '' THEN following_count ELSE $21 END,
			statuses_count = CASE WHEN domain = '' THEN statuses_count ELSE $22 END,
			fields = $24, also_known_as = $25, attribution_domains = $26, featured_tags_url = $27, avatar_key = $28,
			avatar_description = $29, header_key = $30, header_description = $31, indexable = $32, memorial = $33,
			hide_collections = $34, hide_media = $35, hide_media_replies = $36, hide_featured = $37
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(a.ID), a.URL, a.ActorType, a.DisplayName, strings.ToLower(a.DisplayName), a.Note,
		a.Locked, a.Discoverable, a.InboxURL, a.SharedInboxURL, a.OutboxURL, a.FollowersURL, a.FollowingURL, a.FeaturedURL,
		a.KeyID, a.PublicKeyPEM, a.AvatarURL, a.HeaderURL, millis(a.FetchedAt),
		a.FollowersCount, a.FollowingCount, a.StatusesCount, int64(a.Revision), toJSON(a.Fields), toJSON(a.AlsoKnownAs),
		toJSON(a.AttributionDomains), a.FeaturedTagsURL, a.AvatarKey, a.AvatarDescription, a.HeaderKey,
		a.HeaderDescription, a.Indexable, a.Memorial, a.HideCollections, a.HideMedia, a.HideMediaReplies, a.HideFeatured)
	return touched(n, err, "update account %d", a.ID)
}

// RenameAccount implements social.AccountStore.
func (s *Store) RenameAccount(ctx context.Context, id social.ID, username, domain string) error {
	const q = `
		UPDATE accounts
		SET username = $2, username_lower = $3, domain = $4
		WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.username_lower = $3 AND o.domain = $4 AND o.id <> $1)`
	n, err := s.exec(ctx, q, int64(id), username, strings.ToLower(username), strings.ToLower(domain))
	if err == nil && n == 0 {
		if _, err = s.AccountByID(ctx, id); err == nil {
			err = social.ErrConflict
		}
	}
	return wrap(err, "rename account %d to %s@%s", id, username, domain)
}

// PrivateKey implements social.AccountStore.
func (s *Store) PrivateKey(ctx context.Context, id social.ID) (string, error) {
	var pem string
	const q = `
		SELECT private_key
		FROM accounts
		WHERE id = $1 AND private_key <> ''`
	err := s.row(ctx, q, int64(id)).Scan(&pem)
	return pem, missing(err, "private key of account %d", id)
}

// SigningKey implements social.AccountStore. It is asked for every delivery, so it reads little, and those who ask at the
// same time are answered together.
func (s *Store) SigningKey(ctx context.Context, id social.ID) (owner string, k social.Key, err error) {
	a := &signingKey{ctx: ctx, id: id, err: errNotAsked}
	if s.tx != nil {
		s.readSigningKeys([]*signingKey{a})
	} else {
		s.signing.Add(a)
	}
	return a.owner, a.key, missing(a.err, "signing key of account %d", id)
}

// signingKey is a question for one, and its answer.
type signingKey struct {
	ctx   context.Context
	id    social.ID
	owner string
	key   social.Key
	err   error
}

var errNotAsked = errors.New("the query that it shared with others was given up")

func (s *Store) readSigningKeys(asked []*signingKey) {
	ids := map[social.ID]bool{}
	for _, a := range asked {
		ids[a.id] = true
	}
	var args []any
	found, err := list(context.WithoutCancel(asked[0].ctx), s, func(r scanner) (k signingKey, err error) {
		err = r.Scan(&k.id, &k.owner, &k.key.ID, &k.key.PEM)
		return k, err
	}, `
		SELECT id, uri, key_id, public_key
		FROM accounts
		WHERE id IN (`+inIDs(&args, slices.Collect(maps.Keys(ids)))+`)`, args...)
	for _, a := range asked {
		i := slices.IndexFunc(found, func(k signingKey) bool { return k.id == a.id })
		switch {
		case err != nil:
			a.err = err
		case i < 0:
			a.err = sqldb.ErrNoRows
		default:
			a.owner, a.key, a.err = found[i].owner, found[i].key, nil
		}
	}
}

// addStatuses changes how many statuses accounts have by n. Claims of remote accounts may be lower than what is known
// here, so nothing sinks below zero.
func (s *Store) addStatuses(ctx context.Context, accounts []social.ID, n int) error {
	for len(accounts) > 0 {
		part := accounts[:min(len(accounts), chunk)]
		accounts = accounts[len(part):]
		args := []any{int64(n)}
		_, err := s.exec(ctx, `
			UPDATE accounts
			SET statuses_count = CASE WHEN statuses_count + $1 < 0 THEN 0 ELSE statuses_count + $1 END
			WHERE id IN (`+inIDs(&args, part)+`)`, args...)
		if err != nil {
			return fmt.Errorf("count statuses of %d accounts: %w", len(part), err)
		}
	}
	return nil
}
