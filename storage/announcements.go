package storage

import (
	"context"
	"time"

	"orrery/social"
)

const announcementColumns = `a.id, a.text, a.starts_at, a.ends_at, a.all_day, a.published_at, a.updated_at`

func scanAnnouncement(r scanner) (social.Announcement, error) {
	var a social.Announcement
	var id, starts, ends, published, updated int64
	err := r.Scan(&id, &a.Text, &starts, &ends, &a.AllDay, &published, &updated)
	a.ID, a.StartsAt, a.EndsAt, a.PublishedAt, a.UpdatedAt = social.ID(id), fromMillis(starts), fromMillis(ends), fromMillis(published), fromMillis(updated)
	return a, err
}

// InsertAnnouncement implements social.AnnouncementStore.
func (s *Store) InsertAnnouncement(ctx context.Context, a social.Announcement) error {
	const q = `
		INSERT INTO announcements (id, text, starts_at, ends_at, all_day, published_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := s.exec(ctx, q, int64(a.ID), a.Text, millis(a.StartsAt), millis(a.EndsAt), a.AllDay, millis(a.PublishedAt), millis(a.UpdatedAt))
	return wrap(err, "insert announcement %d", a.ID)
}

// DeleteAnnouncement implements social.AnnouncementStore.
func (s *Store) DeleteAnnouncement(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM announcements
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "delete announcement %d", id)
}

// AnnouncementByID implements social.AnnouncementStore.
func (s *Store) AnnouncementByID(ctx context.Context, id social.ID) (social.Announcement, error) {
	const q = `
		SELECT ` + announcementColumns + `
		FROM announcements a
		WHERE a.id = $1`
	a, err := scanAnnouncement(s.row(ctx, q, int64(id)))
	return a, missing(err, "announcement %d", id)
}

// Announcements implements social.AnnouncementStore.
func (s *Store) Announcements(ctx context.Context, now time.Time, limit int) ([]social.Announcement, error) {
	const q = `
		SELECT ` + announcementColumns + `
		FROM announcements a
		WHERE a.ends_at = 0 OR a.ends_at > $1
		ORDER BY a.id
		LIMIT $2`
	out, err := list(ctx, s, scanAnnouncement, q, millis(now), int64(limit))
	return out, wrap(err, "announcements")
}

// ReadAnnouncement implements social.AnnouncementStore.
func (s *Store) ReadAnnouncement(ctx context.Context, account, id social.ID) error {
	const q = `
		INSERT INTO announcement_reads (account_id, announcement_id)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(account), int64(id))
	return wrap(err, "announcement %d read by %d", id, account)
}

// ReadAnnouncements implements social.AnnouncementStore.
func (s *Store) ReadAnnouncements(ctx context.Context, account social.ID, ids []social.ID) (map[social.ID]bool, error) {
	if len(ids) == 0 {
		return map[social.ID]bool{}, nil
	}
	args := []any{int64(account)}
	found, err := setOf(ctx, s, scanID, `
		SELECT r.announcement_id
		FROM announcement_reads r
		WHERE r.account_id = $1 AND r.announcement_id IN (`+inIDs(&args, ids)+`)`, args...)
	return found, wrap(err, "which of %d announcements %d has read", len(ids), account)
}

// InsertAnnouncementReaction implements social.AnnouncementStore.
func (s *Store) InsertAnnouncementReaction(ctx context.Context, id social.ID, name string, account social.ID, at time.Time) error {
	const q = `
		INSERT INTO announcement_reactions (announcement_id, name, account_id, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(id), name, int64(account), millis(at))
	return wrap(err, "react to announcement %d", id)
}

// DeleteAnnouncementReaction implements social.AnnouncementStore.
func (s *Store) DeleteAnnouncementReaction(ctx context.Context, id social.ID, name string, account social.ID) (bool, error) {
	const q = `
		DELETE FROM announcement_reactions
		WHERE announcement_id = $1 AND name = $2 AND account_id = $3`
	n, err := s.exec(ctx, q, int64(id), name, int64(account))
	return n > 0, wrap(err, "take back a reaction to announcement %d", id)
}

// AnnouncementReactions implements social.AnnouncementStore.
func (s *Store) AnnouncementReactions(ctx context.Context, account social.ID, ids []social.ID) (map[social.ID][]social.AnnouncementReaction, error) {
	out := map[social.ID][]social.AnnouncementReaction{}
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{int64(account)}
	_, err := list(ctx, s, func(r scanner) (struct{}, error) {
		var id, mine int64
		var x social.AnnouncementReaction
		err := r.Scan(&id, &x.Name, &x.Count, &mine)
		x.Me = mine > 0
		out[social.ID(id)] = append(out[social.ID(id)], x)
		return struct{}{}, err
	}, `
		SELECT r.announcement_id, r.name, COUNT(*), SUM(CASE WHEN r.account_id = $1 THEN 1 ELSE 0 END)
		FROM announcement_reactions r
		WHERE r.announcement_id IN (`+inIDs(&args, ids)+`)
		GROUP BY r.announcement_id, r.name
		ORDER BY MIN(r.created_at), r.name`, args...)
	return out, wrap(err, "reactions to %d announcements", len(ids))
}
