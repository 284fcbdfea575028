package storage

import (
	"context"
	"slices"
	"time"

	"orrery/social"
)

// keepCrawls is how long a crawl is kept, however it ended; longer than anybody can ask about it.
const keepCrawls = 26 * time.Hour

// InsertCrawl implements social.CrawlStore.
func (s *Store) InsertCrawl(ctx context.Context, c social.Crawl) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM crawls
			WHERE started_at < $1`
		if _, err := s.exec(ctx, forget, millis(c.StartedAt.Add(-keepCrawls))); err != nil {
			return err
		}
		const q = `
			INSERT INTO crawls (id, status_id, started_at, finished_at, pages, found)
			VALUES ($1, $2, $3, $4, $5, $6)`
		_, err := s.exec(ctx, q, int64(c.ID), int64(c.StatusID), millis(c.StartedAt), millis(c.FinishedAt), c.Pages, c.Found)
		return err
	})
	return wrap(err, "begin crawl of %d", c.StatusID)
}

const crawlColumns = `c.id, c.status_id, c.started_at, c.finished_at, c.pages, c.found`

func scanCrawl(r scanner) (social.Crawl, error) {
	var c social.Crawl
	var id, status, started, finished int64
	err := r.Scan(&id, &status, &started, &finished, &c.Pages, &c.Found)
	c.ID, c.StatusID, c.StartedAt, c.FinishedAt = social.ID(id), social.ID(status), fromMillis(started), fromMillis(finished)
	return c, err
}

// CrawlByID implements social.CrawlStore.
func (s *Store) CrawlByID(ctx context.Context, id social.ID) (social.Crawl, error) {
	const q = `
		SELECT ` + crawlColumns + `
		FROM crawls c
		WHERE c.id = $1`
	c, err := scanCrawl(s.row(ctx, q, int64(id)))
	return c, missing(err, "crawl %d", id)
}

// LastCrawl implements social.CrawlStore.
func (s *Store) LastCrawl(ctx context.Context, status social.ID) (social.Crawl, error) {
	const q = `
		SELECT ` + crawlColumns + `
		FROM crawls c
		WHERE c.status_id = $1
		ORDER BY c.id DESC
		LIMIT 1`
	c, err := scanCrawl(s.row(ctx, q, int64(status)))
	return c, missing(err, "last crawl of %d", status)
}

// EndCrawl implements social.CrawlStore.
func (s *Store) EndCrawl(ctx context.Context, id social.ID, at time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const end = `
			UPDATE crawls
			SET finished_at = $2
			WHERE id = $1 AND finished_at = 0`
		const forget = `
			DELETE FROM crawl_uris
			WHERE crawl_id = $1`
		if _, err := s.exec(ctx, end, int64(id), millis(at)); err != nil {
			return err
		}
		_, err := s.exec(ctx, forget, int64(id))
		return err
	})
	return wrap(err, "end crawl %d", id)
}

// CountCrawled implements social.CrawlStore.
func (s *Store) CountCrawled(ctx context.Context, id social.ID, pages, found int) error {
	const q = `
		UPDATE crawls
		SET pages = pages + $2, found = found + $3
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(id), int64(pages), int64(found))
	return wrap(err, "count for crawl %d", id)
}

// PushCrawl implements social.CrawlStore.
func (s *Store) PushCrawl(ctx context.Context, id social.ID, uris []string, most int) ([]string, int, error) {
	var added []string
	var met int64
	err := s.atomic(ctx, func(s *Store) error {
		const last = `
			SELECT COUNT(*)
			FROM crawl_uris
			WHERE crawl_id = $1`
		if err := s.row(ctx, last, int64(id)).Scan(&met); err != nil {
			return err
		}
		const q = `
			INSERT INTO crawl_uris (crawl_id, uri, place, done)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`
		for _, uri := range uris {
			if met >= int64(most) {
				break
			}
			n, err := s.exec(ctx, q, int64(id), uri, met, false)
			if err != nil {
				return err
			}
			if n > 0 {
				added = append(added, uri)
				met++
			}
		}
		return nil
	})
	return added, int(met), wrap(err, "add %d addresses to crawl %d", len(uris), id)
}

// PopCrawl implements social.CrawlStore.
func (s *Store) PopCrawl(ctx context.Context, id social.ID) (string, error) {
	const q = `
		UPDATE crawl_uris
		SET done = $2
		WHERE crawl_id = $1 AND uri = (
			SELECT u.uri
			FROM crawl_uris u
			WHERE u.crawl_id = $1 AND NOT u.done
			ORDER BY u.place DESC
			LIMIT 1
		)
		RETURNING uri`
	var uri string
	err := s.row(ctx, q, int64(id), true).Scan(&uri)
	return uri, missing(err, "next of crawl %d", id)
}

// StatusesByURI implements social.CrawlStore.
func (s *Store) StatusesByURI(ctx context.Context, uris []string) (map[string]social.Status, error) {
	out := map[string]social.Status{}
	for part := range slices.Chunk(uris, chunk) {
		var args []any
		found, err := list(ctx, s, scanStatus, `
			SELECT `+statusColumns+`
			FROM statuses s
			WHERE s.uri IN (`+inWords(&args, part)+`) AND s.deleted_at = 0`, args...)
		if err != nil {
			return nil, wrap(err, "load %d statuses by URI", len(uris))
		}
		for _, x := range found {
			out[x.URI] = x
		}
	}
	return out, nil
}

// NoteRepliesFetched implements social.CrawlStore.
func (s *Store) NoteRepliesFetched(ctx context.Context, ids []social.ID, at time.Time) error {
	for part := range slices.Chunk(ids, chunk) {
		args := []any{millis(at)}
		if _, err := s.exec(ctx, `
			UPDATE statuses
			SET replies_fetched_at = $1
			WHERE id IN (`+inIDs(&args, part)+`)`, args...); err != nil {
			return wrap(err, "note that replies to %d statuses were fetched", len(ids))
		}
	}
	return nil
}

// UnfollowedReplies implements social.CrawlStore.
func (s *Store) UnfollowedReplies(ctx context.Context, status social.ID, limit int) ([]string, error) {
	const q = `
		SELECT r.uri
		FROM statuses r
		WHERE r.reply_to_id = $1 AND r.reply_to_id <> 0 AND NOT r.local AND r.deleted_at = 0
			AND r.visibility IN ('public', 'unlisted')
			AND NOT EXISTS (
				SELECT 1
				FROM follows f
				JOIN accounts a ON a.id = f.account_id
				WHERE f.target_id = r.account_id AND NOT f.pending AND a.domain = ''
			)
		ORDER BY r.id
		LIMIT $2`
	out, err := list(ctx, s, scanWord, q, int64(status), int64(limit))
	return out, wrap(err, "unfollowed replies to %d", status)
}
