package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"orrery/social"
)

// Counters move with the row that they count, in the same transaction: an author's statuses without the direct ones, so
// that the number tells nobody of private talk; a parent's public and unlisted replies; boosts. All of that as Mastodon.

// InsertStatus implements social.StatusStore. A second boost of one post by one account is ErrConflict as well.
func (s *Store) InsertStatus(ctx context.Context, x social.Status) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO statuses (id, uri, url, account_id, reply_to_id, reply_to_uri, reply_to_account_id, boost_of_id,
				visibility, content, source, spoiler_text, sensitive, language, object_type, conversation, local,
				created_at, edited_at, deleted_at, replies_count, boosts_count, favourites_count, origin_boosts, origin_favourites, quote_policy)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, $20, $21, $22, $23, $24, $25)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(x.ID), x.URI, x.URL, int64(x.AccountID), int64(x.ReplyToID), x.ReplyToURI,
			int64(x.ReplyToAccountID), int64(x.BoostOfID), string(x.Visibility), x.Content, x.Source, x.SpoilerText,
			x.Sensitive, x.Language, x.ObjectType, x.Conversation, x.Local, millis(x.CreatedAt), millis(x.EditedAt),
			x.RepliesCount, x.BoostsCount, x.FavouritesCount, stated(x.Origin.Boosts), stated(x.Origin.Favourites), string(x.QuotePolicy))
		if err != nil {
			return err
		}
		if n == 0 {
			return social.ErrConflict
		}
		if err := s.insertMentions(ctx, x.ID, x.Mentions); err != nil {
			return err
		}
		if err := s.insertTags(ctx, x.ID, x.Tags); err != nil {
			return err
		}
		for i, m := range x.Attachments {
			m.AccountID, m.StatusID, m.Place = x.AccountID, x.ID, i
			if err := s.InsertAttachment(ctx, m); err != nil {
				return err
			}
		}
		if err := s.insertPoll(ctx, x.ID, x.Poll); err != nil {
			return err
		}
		indexable, err := s.countStatus(ctx, x)
		if err != nil {
			return err
		}
		return s.index(ctx, x, indexable)
	})
	return wrap(err, "insert status %s", x.URI)
}

// index adds the words of a new status where somebody may find it, or of what it boosts.
func (s *Store) index(ctx context.Context, x social.Status, indexable bool) error {
	if x.BoostOfID != 0 {
		return s.marked(ctx, x.BoostOfID, x.AccountID)
	}
	yes := x.Local || indexable && x.Visibility == social.Public
	if !yes && len(x.Mentions) > 0 {
		var err error
		if yes, err = s.findable(ctx, x.ID); err != nil {
			return err
		}
	}
	if !yes {
		return nil
	}
	return s.insertWords(ctx, x)
}

// countStatus counts a new status, and says whether its author's public posts may be found.
func (s *Store) countStatus(ctx context.Context, x social.Status) (indexable bool, err error) {
	const q = `
		UPDATE accounts
		SET stamp = stamp + 1, statuses_count = statuses_count + $2, last_status_at = CASE WHEN last_status_at < $3 THEN $3 ELSE last_status_at END
		WHERE id = $1
		RETURNING indexable`
	n := int64(1)
	if x.Visibility == social.Direct {
		n = 0
	}
	if err := s.row(ctx, q, int64(x.AccountID), n, millis(x.CreatedAt)).Scan(&indexable); err != nil {
		return false, fmt.Errorf("note the last post of %d: %w", x.AccountID, err)
	}
	return indexable, s.countOthers(ctx, x, 1)
}

// UpdateStatus implements social.StatusStore. Author, visibility, parent and counters stay.
func (s *Store) UpdateStatus(ctx context.Context, x social.Status) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			UPDATE statuses
			SET content = $2, spoiler_text = $3, sensitive = $4, language = $5, edited_at = $6, source = $7, object_type = $8
			WHERE id = $1 AND deleted_at = 0 AND edited_at <= $6`
		n, err := s.exec(ctx, q, int64(x.ID), x.Content, x.SpoilerText, x.Sensitive, x.Language, millis(x.EditedAt), x.Source, x.ObjectType)
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := s.StatusByID(ctx, x.ID); err != nil {
				return err
			}
			return social.ErrConflict
		}
		const mentions = `
			DELETE FROM status_mentions
			WHERE status_id = $1`
		const tags = `
			DELETE FROM status_tags
			WHERE status_id = $1`
		const words = `
			DELETE FROM status_words
			WHERE status_id = $1`
		for _, q := range []string{mentions, tags, words} {
			if _, err := s.exec(ctx, q, int64(x.ID)); err != nil {
				return err
			}
		}
		if err := s.insertMentions(ctx, x.ID, x.Mentions); err != nil {
			return err
		}
		if err := s.insertTags(ctx, x.ID, x.Tags); err != nil {
			return err
		}
		if yes, err := s.findable(ctx, x.ID); err != nil || !yes {
			return err
		}
		shown, err := s.Attachments(ctx, []social.ID{x.ID})
		if err != nil {
			return err
		}
		x.Attachments = shown[x.ID]
		return s.insertWords(ctx, x)
	})
	return wrap(err, "update status %d", x.ID)
}

// countRelated adds n (1 or -1) to everything that counts x.
func (s *Store) countRelated(ctx context.Context, x social.Status, n int) error {
	if x.Visibility != social.Direct {
		if err := s.addStatuses(ctx, []social.ID{x.AccountID}, n); err != nil {
			return err
		}
	}
	return s.countOthers(ctx, x, n)
}

// countOthers adds n to what counts x on the post that it answers or boosts.
func (s *Store) countOthers(ctx context.Context, x social.Status, n int) error {
	if x.ReplyToID != 0 && x.Visibility.Distributable() {
		if err := s.addReplies(ctx, x.ReplyToID, n); err != nil {
			return err
		}
	}
	if x.BoostOfID == 0 {
		return nil
	}
	const q = `
		UPDATE statuses
		SET stamp = stamp + 1, boosts_count = CASE WHEN boosts_count + $2 < 0 THEN 0 ELSE boosts_count + $2 END,
			origin_boosts = CASE WHEN origin_boosts < 0 THEN origin_boosts WHEN origin_boosts + $2 < 0 THEN 0 ELSE origin_boosts + $2 END
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(x.BoostOfID), int64(n))
	return wrap(err, "count boosts of %d", x.BoostOfID)
}

func (s *Store) addReplies(ctx context.Context, id social.ID, n int) error {
	const q = `
		UPDATE statuses
		SET stamp = stamp + 1, replies_count = CASE WHEN replies_count + $2 < 0 THEN 0 ELSE replies_count + $2 END
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(id), int64(n))
	return wrap(err, "count replies to %d", id)
}

// MarkDeleted implements social.StatusStore.
func (s *Store) MarkDeleted(ctx context.Context, id social.ID, at time.Time) ([]social.ID, error) {
	var boosts []social.ID
	err := s.atomic(ctx, func(s *Store) error {
		const mark = `
			UPDATE statuses AS s
			SET deleted_at = $2
			WHERE s.id = $1 AND s.deleted_at = 0
			RETURNING ` + returnedStatus
		x, err := scanRelated(s.row(ctx, mark, int64(id), millis(at)))
		if err != nil {
			return missing(err, "mark")
		}
		const markBoosts = `
			UPDATE statuses AS s
			SET deleted_at = $2
			WHERE s.boost_of_id = $1 AND s.boost_of_id <> 0 AND s.deleted_at = 0
			RETURNING ` + returnedStatus
		gone, err := list(ctx, s, scanRelated, markBoosts, int64(id), millis(at))
		if err != nil {
			return fmt.Errorf("mark its boosts: %w", err)
		}
		var boosters []social.ID
		for _, b := range gone {
			boosts, boosters = append(boosts, b.ID), append(boosters, b.AccountID)
		}
		if err := s.addStatuses(ctx, boosters, -1); err != nil {
			return err
		}
		if err := s.countRelated(ctx, x, -1); err != nil {
			return err
		}
		return s.removeFromLists(ctx, append([]social.Status{x}, gone...))
	})
	return boosts, wrap(err, "delete status %d", id)
}

// returnedStatus is what counting needs to know of a marked row.
const returnedStatus = `id, account_id, reply_to_id, boost_of_id, visibility`

func scanRelated(r scanner) (social.Status, error) {
	var id, account, replyTo, boostOf int64
	var visibility string
	err := r.Scan(&id, &account, &replyTo, &boostOf, &visibility)
	return social.Status{ID: social.ID(id), AccountID: social.ID(account), ReplyToID: social.ID(replyTo),
		BoostOfID: social.ID(boostOf), Visibility: social.Visibility(visibility)}, err
}

// removeFromLists takes statuses out of every home and every notification, and tells who had them before their eyes.
func (s *Store) removeFromLists(ctx context.Context, gone []social.Status) error {
	type entry struct{ feed, status social.ID }
	for part := range slices.Chunk(gone, chunk) {
		var args []any
		ids := make([]social.ID, len(part))
		for i, x := range part {
			ids[i] = x.ID
		}
		in := inIDs(&args, ids)
		removed, err := list(ctx, s, func(r scanner) (e entry, err error) {
			err = r.Scan(&e.feed, &e.status)
			return e, err
		}, `
			DELETE FROM home_entries
			WHERE status_id IN (`+in+`)
			RETURNING account_id, status_id`, args...)
		if err != nil {
			return fmt.Errorf("remove from homes: %w", err)
		}
		for _, x := range part {
			n := social.News{Kind: social.NewsDeleted, Subject: x.ID, Public: x.Visibility == social.Public && x.BoostOfID == 0}
			for _, e := range removed {
				if e.status == x.ID {
					n.Feeds = append(n.Feeds, e.feed)
				}
			}
			if err := s.Tell(ctx, n); err != nil {
				return err
			}
		}
		if _, err := s.exec(ctx, `
			DELETE FROM notifications
			WHERE status_id IN (`+in+`) AND status_id <> 0`, args...); err != nil {
			return fmt.Errorf("remove notifications: %w", err)
		}
	}
	return nil
}

// PurgeStatus implements social.StatusStore. The boosts that were marked with it go too; replies to it wait for its URI
// again, and its attachments that have a file here stay behind without a post, so that whoever keeps the files can remove
// them. What is gone already, or has to stay, is no error, because jobs may run twice.
func (s *Store) PurgeStatus(ctx context.Context, id social.ID) error {
	const may = `
		SELECT EXISTS (
			SELECT 1
			FROM statuses s
			WHERE s.id = $1 AND s.deleted_at <> 0 AND NOT EXISTS (` + openReportNames + `))`
	const orphan = `
		UPDATE statuses
		SET reply_to_uri = CASE WHEN reply_to_uri = ''
				THEN (SELECT p.uri FROM statuses p WHERE p.id = $1) ELSE reply_to_uri END,
			reply_to_id = 0
		WHERE reply_to_id = $1 AND reply_to_id <> 0`
	const boosts = `
		DELETE FROM statuses
		WHERE boost_of_id = $1 AND boost_of_id <> 0 AND deleted_at <> 0`
	const likes = `
		DELETE FROM favourites
		WHERE status_id = $1`
	const links = `
		DELETE FROM attachments
		WHERE status_id = $1 AND file_key = '' AND preview_key = ''`
	const purge = `
		DELETE FROM statuses
		WHERE id = $1`
	err := s.atomic(ctx, func(s *Store) error {
		var yes bool
		if err := s.row(ctx, may, int64(id)).Scan(&yes); err != nil || !yes {
			return err
		}
		for _, q := range []string{orphan, boosts, likes, links, purge} {
			if _, err := s.exec(ctx, q, int64(id)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "purge status %d", id)
}
