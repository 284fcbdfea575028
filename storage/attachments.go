package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"orrery/social"
)

// attachmentColumns are those of scanAttachment, of a table called m.
const attachmentColumns = `m.id, m.account_id, COALESCE(m.status_id, 0), m.place, m.kind, m.media_type, m.remote_url,
	m.remote_preview_url, m.file_key, m.file_size, m.preview_key, m.description, m.blurhash, m.meta, m.processing, m.created_at`

func scanAttachment(r scanner) (social.Attachment, error) {
	var a social.Attachment
	var id, account, status, place, created int64
	var kind, processing string
	err := r.Scan(&id, &account, &status, &place, &kind, &a.MediaType, &a.RemoteURL, &a.RemotePreviewURL, &a.FileKey,
		&a.FileSize, &a.PreviewKey, &a.Description, &a.Blurhash, asJSON(&a.Meta), &processing, &created)
	a.ID, a.AccountID, a.StatusID, a.Place = social.ID(id), social.ID(account), social.ID(status), int(place)
	a.Kind, a.Processing, a.CreatedAt = social.MediaKind(kind), social.Processing(processing), fromMillis(created)
	return a, err
}

// InsertAttachment implements social.AttachmentStore.
func (s *Store) InsertAttachment(ctx context.Context, a social.Attachment) error {
	const q = `
		INSERT INTO attachments (id, account_id, status_id, place, kind, media_type, remote_url, remote_preview_url,
			file_key, file_size, preview_key, description, blurhash, meta, processing, created_at)
		VALUES ($1, $2, NULLIF(CAST($3 AS BIGINT), 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	_, err := s.exec(ctx, q, int64(a.ID), int64(a.AccountID), int64(a.StatusID), int64(a.Place), string(a.Kind), a.MediaType,
		a.RemoteURL, a.RemotePreviewURL, a.FileKey, a.FileSize, a.PreviewKey, a.Description, a.Blurhash, toJSON(a.Meta),
		string(a.Processing), millis(a.CreatedAt))
	return wrap(err, "insert attachment %d", a.ID)
}

// UpdateAttachment implements social.AttachmentStore.
func (s *Store) UpdateAttachment(ctx context.Context, a social.Attachment) error {
	const q = `
		UPDATE attachments
		SET kind = $2, media_type = $3, remote_url = $4, remote_preview_url = $5, file_key = $6, file_size = $7,
			preview_key = $8, description = $9, blurhash = $10, meta = $11, processing = $12
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(a.ID), string(a.Kind), a.MediaType, a.RemoteURL, a.RemotePreviewURL, a.FileKey, a.FileSize,
		a.PreviewKey, a.Description, a.Blurhash, toJSON(a.Meta), string(a.Processing))
	return touched(n, err, "update attachment %d", a.ID)
}

// AttachmentsByID implements social.AttachmentStore.
func (s *Store) AttachmentsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Attachment, error) {
	out := make(map[social.ID]social.Attachment, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanAttachment, `
		SELECT `+attachmentColumns+`
		FROM attachments m
		WHERE m.id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, a := range found {
		out[a.ID] = a
	}
	return out, wrap(err, "load %d attachments", len(ids))
}

// Attachments implements social.AttachmentStore.
func (s *Store) Attachments(ctx context.Context, statuses []social.ID) (map[social.ID][]social.Attachment, error) {
	out := map[social.ID][]social.Attachment{}
	if len(statuses) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanAttachment, `
		SELECT `+attachmentColumns+`
		FROM attachments m
		WHERE m.status_id IN (`+inIDs(&args, statuses)+`) AND m.status_id IS NOT NULL AND m.place >= 0
		ORDER BY m.status_id, m.place, m.id`, args...)
	for _, a := range found {
		out[a.StatusID] = append(out[a.StatusID], a)
	}
	return out, wrap(err, "attachments of %d statuses", len(statuses))
}

// SetAttachments implements social.AttachmentStore.
func (s *Store) SetAttachments(ctx context.Context, status social.ID, ids []social.ID) error {
	err := s.atomic(ctx, func(s *Store) error {
		const clear = `
			UPDATE attachments
			SET place = $2
			WHERE status_id = $1`
		if _, err := s.exec(ctx, clear, int64(status), int64(social.Replaced)); err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		args := []any{int64(status)}
		in := inIDs(&args, ids)
		place := "CASE id"
		for i, id := range ids {
			place += " WHEN " + id.String() + " THEN " + strconv.Itoa(i)
		}
		if _, err := s.exec(ctx, `
			UPDATE attachments
			SET status_id = $1, place = `+place+` END
			WHERE id IN (`+in+`) AND (status_id IS NULL OR status_id = $1)
				AND account_id = (SELECT t.account_id FROM statuses t WHERE t.id = $1)`, args...); err != nil {
			return err
		}
		shown, err := s.Attachments(ctx, []social.ID{status})
		if err != nil {
			return err
		}
		return s.insertWords(ctx, social.Status{ID: status, Attachments: shown[status]})
	})
	return wrap(err, "set %d attachments of status %d", len(ids), status)
}

// DetachAttachments implements social.AttachmentStore.
func (s *Store) DetachAttachments(ctx context.Context, status social.ID) ([]social.ID, error) {
	const q = `
		UPDATE attachments
		SET status_id = NULL, place = 0
		WHERE status_id = $1 AND remote_url = ''
		RETURNING id`
	ids, err := list(ctx, s, scanID, q, int64(status))
	slices.Sort(ids)
	return ids, wrap(err, "detach attachments of status %d", status)
}

// DeleteAttachment implements social.AttachmentStore. Deleting what is gone already is no error.
func (s *Store) DeleteAttachment(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM attachments
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(id))
	return wrap(err, "delete attachment %d", id)
}

// UnpostedAttachments implements social.AttachmentStore. Those of a post that was deleted for good are among them.
func (s *Store) UnpostedAttachments(ctx context.Context, before time.Time, limit int) ([]social.Attachment, error) {
	out, err := list(ctx, s, scanAttachment, `
		SELECT `+attachmentColumns+`
		FROM attachments m
		WHERE m.status_id IS NULL AND m.created_at < $1
		ORDER BY m.created_at, m.id
		LIMIT $2`, millis(before), int64(limit))
	return out, wrap(err, "unposted attachments")
}
