package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"orrery/social"
)

// InsertVersion implements social.HistoryStore.
func (s *Store) InsertVersion(ctx context.Context, v social.Version) error {
	choices, err := json.Marshal(v.Choices)
	if err != nil {
		return fmt.Errorf("encode the choices of %d: %w", v.StatusID, err)
	}
	attachments, err := json.Marshal(v.Attachments)
	if err != nil {
		return fmt.Errorf("encode the attachments of %d: %w", v.StatusID, err)
	}
	const q = `
		INSERT INTO status_edits (status_id, at, content, spoiler_text, sensitive, choices, attachments)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`
	_, err = s.exec(ctx, q, int64(v.StatusID), millis(v.At), v.Content, v.SpoilerText, v.Sensitive, string(choices), string(attachments))
	return wrap(err, "keep a version of %d", v.StatusID)
}

// Versions implements social.HistoryStore.
func (s *Store) Versions(ctx context.Context, status social.ID) ([]social.Version, error) {
	const q = `
		SELECT e.status_id, e.at, e.content, e.spoiler_text, e.sensitive, e.choices, e.attachments
		FROM status_edits e
		WHERE e.status_id = $1
		ORDER BY e.at`
	out, err := list(ctx, s, func(r scanner) (v social.Version, err error) {
		var at int64
		var choices, attachments string
		if err := r.Scan(&v.StatusID, &at, &v.Content, &v.SpoilerText, &v.Sensitive, &choices, &attachments); err != nil {
			return v, err
		}
		v.At = fromMillis(at)
		if err := json.Unmarshal([]byte(choices), &v.Choices); err != nil {
			return v, err
		}
		return v, json.Unmarshal([]byte(attachments), &v.Attachments)
	}, q, int64(status))
	return out, wrap(err, "versions of %d", status)
}
