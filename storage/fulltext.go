package storage

import (
	"context"
	"fmt"
	"slices"

	"orrery/social"
)

// Only what somebody may find is found by its words: what people here wrote, are named in or have marked, and public posts
// by those who want to be found (SearchPosts asks the same). For most of what arrives that is nobody, and its words, some
// thirty rows with two index entries each, were a fifth of what receiving a post cost.

// insertWords makes x be found by its words; a boost has none.
func (s *Store) insertWords(ctx context.Context, x social.Status) error {
	if x.BoostOfID != 0 {
		return nil
	}
	for part := range slices.Chunk(social.SearchWords(x), chunk) {
		args := make([]any, 0, 2*len(part))
		for _, word := range part {
			args = append(args, word, int64(x.ID))
		}
		if _, err := s.exec(ctx, `
			INSERT INTO status_words (word, status_id)
			VALUES `+values(len(part), 2)+`
			ON CONFLICT DO NOTHING`, args...); err != nil {
			return fmt.Errorf("words of %d: %w", x.ID, err)
		}
	}
	return nil
}

// findable reports whether there may be somebody here who finds the status.
func (s *Store) findable(ctx context.Context, id social.ID) (yes bool, err error) {
	const q = `
		SELECT EXISTS (
			SELECT 1
			FROM statuses s
			JOIN accounts a ON a.id = s.account_id
			WHERE s.id = $1 AND (a.domain = '' OR a.indexable AND s.visibility = 'public'
				OR EXISTS (SELECT 1 FROM status_mentions m JOIN accounts u ON u.id = m.account_id AND u.domain = '' WHERE m.status_id = s.id)
				OR EXISTS (SELECT 1 FROM favourites f JOIN accounts u ON u.id = f.account_id AND u.domain = '' WHERE f.status_id = s.id)
				OR EXISTS (SELECT 1 FROM bookmarks b WHERE b.status_id = s.id)
				OR EXISTS (SELECT 1 FROM statuses o JOIN accounts u ON u.id = o.account_id AND u.domain = ''
					WHERE o.boost_of_id = s.id AND o.boost_of_id <> 0 AND o.deleted_at = 0)))`
	err = s.row(ctx, q, int64(id)).Scan(&yes)
	return yes, wrap(err, "who may find %d", id)
}

// marked adds the words of a status that by may have found nothing of until now: they live here and had to do with it.
func (s *Store) marked(ctx context.Context, id, by social.ID) error {
	const q = `
		SELECT EXISTS (SELECT 1 FROM accounts a WHERE a.id = $2 AND a.domain = '')
			AND NOT EXISTS (SELECT 1 FROM status_words w WHERE w.status_id = $1)`
	var wanting bool
	if err := s.row(ctx, q, int64(id), int64(by)).Scan(&wanting); err != nil || !wanting {
		return wrap(err, "whether %d is found by its words", id)
	}
	return s.addWords(ctx, []social.ID{id})
}

// maxFound is how many posts of somebody who decides to be found are brought in, the newest; what is marked comes in anyway.
const maxFound = 2000

// opened adds the words of the public posts of an account that is found from now on.
func (s *Store) opened(ctx context.Context, account social.ID) error {
	posts, err := list(ctx, s, scanID, `
		SELECT s.id
		FROM statuses s
		WHERE s.account_id = $1 AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0
			AND NOT EXISTS (SELECT 1 FROM status_words w WHERE w.status_id = s.id)
		ORDER BY s.id DESC
		LIMIT $2`, int64(account), int64(maxFound))
	if err != nil {
		return wrap(err, "posts of %d without words", account)
	}
	return s.addWords(ctx, posts)
}

// addWords reads statuses and makes them be found by their words.
func (s *Store) addWords(ctx context.Context, all []social.ID) error {
	for ids := range slices.Chunk(all, chunk) {
		found, err := s.StatusesByID(ctx, ids)
		if err != nil {
			return err
		}
		polls, err := s.Polls(ctx, ids)
		if err != nil {
			return err
		}
		shown, err := s.Attachments(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			x, ok := found[id]
			if !ok {
				continue
			}
			if p, ok := polls[id]; ok {
				x.Poll = &p
			}
			x.Attachments = shown[id]
			if err := s.insertWords(ctx, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// has and is are what operators ask of a status s.
var (
	has = map[string]string{
		"media": `EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id)`,
		"image": `EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.kind = 'image')`,
		"video": `EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.kind IN ('video', 'gifv'))`,
		"audio": `EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.kind = 'audio')`,
		"poll":  `EXISTS (SELECT 1 FROM polls m WHERE m.status_id = s.id)`,
		"link":  `EXISTS (SELECT 1 FROM status_cards m WHERE m.status_id = s.id)`,
		"embed": `EXISTS (SELECT 1 FROM status_cards m JOIN cards c ON c.id = m.card_id WHERE m.status_id = s.id AND c.kind = 'video')`,
	}
	is = map[string]string{
		"reply":     `(s.reply_to_id <> 0 OR s.reply_to_uri <> '')`,
		"quote":     `EXISTS (SELECT 1 FROM quotes m WHERE m.status_id = s.id)`,
		"sensitive": `s.sensitive`,
	}
)

// SearchPosts implements social.PostSearchStore. The first word is walked, all else is asked of what it finds.
func (s *Store) SearchPosts(ctx context.Context, p social.PostSearch) ([]social.ID, error) {
	k := newKeyset(social.Page{MaxID: p.MaxID, SinceID: p.MinID, Limit: p.Limit})
	if !p.Since.IsZero() {
		k.above = max(k.above, firstID(p.Since)-1)
	}
	if !p.Until.IsZero() {
		k.below = min(k.below, firstID(p.Until))
	}
	if p.Limit <= 0 {
		return nil, nil
	}
	args := []any{k.below, k.above, k.limit, int64(max(p.Offset, 0)), int64(p.Viewer)}
	from, where := "statuses s", wanted(&args, p.Viewer)
	and := func(not bool, condition string) {
		where += "\n\t\t\tAND "
		if not {
			where += "NOT "
		}
		where += condition
	}
	for i, word := range p.Words {
		if i == 0 {
			from = "status_words w JOIN statuses s ON s.id = w.status_id"
			and(false, "w.word = "+param(&args, word)+" AND w.status_id < $1 AND w.status_id > $2")
			continue
		}
		and(false, "EXISTS (SELECT 1 FROM status_words x WHERE x.word = "+param(&args, word)+" AND x.status_id = s.id)")
	}
	for _, word := range p.NotWords {
		and(true, "EXISTS (SELECT 1 FROM status_words x WHERE x.word = "+param(&args, word)+" AND x.status_id = s.id)")
	}
	for _, id := range p.From {
		and(false, "s.account_id = "+param(&args, int64(id)))
	}
	for _, id := range p.NotFrom {
		and(false, "s.account_id <> "+param(&args, int64(id)))
	}
	for _, list := range []struct {
		words []string
		sql   map[string]string
		not   bool
	}{{p.Has, has, false}, {p.HasNot, has, true}, {p.Is, is, false}, {p.IsNot, is, true}} {
		for _, word := range list.words {
			and(list.not, list.sql[word])
		}
	}
	if len(p.Languages) > 0 {
		and(false, "s.language IN ("+inWords(&args, p.Languages)+")")
	}
	if len(p.NotLanguages) > 0 {
		and(false, "s.language NOT IN ("+inWords(&args, p.NotLanguages)+")")
	}
	if p.Public {
		and(false, "s.visibility = 'public'")
	}
	indexable := " OR s.visibility = 'public' AND a.indexable"
	if p.Library {
		indexable = ""
	}
	out, err := list(ctx, s, scanID, `
		SELECT s.id
		FROM `+from+`
		JOIN accounts a ON a.id = s.account_id
		WHERE s.id < $1 AND s.id > $2 AND s.boost_of_id = 0 AND s.deleted_at = 0 AND a.suspended_at = 0 AND a.deleted_at = 0
			AND (s.account_id = $5`+indexable+`
				OR EXISTS (SELECT 1 FROM status_mentions m WHERE m.status_id = s.id AND m.account_id = $5)
				OR EXISTS (SELECT 1 FROM favourites f WHERE f.status_id = s.id AND f.account_id = $5)
				OR EXISTS (SELECT 1 FROM bookmarks b WHERE b.status_id = s.id AND b.account_id = $5)
				OR EXISTS (SELECT 1 FROM statuses o WHERE o.boost_of_id = s.id AND o.account_id = $5 AND o.deleted_at = 0))`+where+`
		ORDER BY s.id DESC
		LIMIT $3 OFFSET $4`, args...)
	return out, wrap(err, "search posts for %d", p.Viewer)
}
