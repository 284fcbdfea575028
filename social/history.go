package social

import (
	"context"
	"time"
)

// Version is what a status said from At on.
type Version struct {
	StatusID             ID
	At                   time.Time
	Content, SpoilerText string
	Sensitive            bool
	Choices              []string // of its poll, nil when it had none
	Attachments          []ID
}

// HistoryStore keeps earlier versions.
type HistoryStore interface {
	// InsertVersion does nothing when there is one of that moment.
	InsertVersion(ctx context.Context, v Version) error
	// Versions are all that are kept, oldest first; none of a status that was never changed.
	Versions(ctx context.Context, status ID) ([]Version, error)
}

// VersionView is a version with what it showed.
type VersionView struct {
	Version     Version
	Attachments []Attachment
}

// versionNow is what the status says now, as it is kept.
func versionNow(ctx context.Context, tx Tx, s Status, at time.Time) (Version, error) {
	v := Version{StatusID: s.ID, At: at, Content: s.Content, SpoilerText: s.SpoilerText, Sensitive: s.Sensitive}
	polls, err := tx.Polls(ctx, []ID{s.ID})
	if err != nil {
		return v, err
	}
	if p, ok := polls[s.ID]; ok {
		v.Choices = p.Titles()
	}
	shown, err := tx.Attachments(ctx, []ID{s.ID})
	for _, a := range shown[s.ID] {
		v.Attachments = append(v.Attachments, a.ID)
	}
	return v, err
}

// remember keeps the version that was, when it is the first to be replaced, and the one that is now.
func remember(ctx context.Context, tx Tx, before Version, now Status) error {
	known, err := tx.Versions(ctx, now.ID)
	if err != nil {
		return err
	}
	if len(known) == 0 {
		if err := tx.InsertVersion(ctx, before); err != nil {
			return err
		}
	}
	at := now.EditedAt
	if len(known) == 0 && !at.After(before.At) { // dates come to the second; the second version is still the later one
		at = before.At.Add(time.Millisecond)
	}
	v, err := versionNow(ctx, tx, now, at)
	if err != nil {
		return err
	}
	return tx.InsertVersion(ctx, v)
}

// History is what the status said and says, oldest first, as viewer may see it; of one that was never changed, what it says.
func (r *Reader) History(ctx context.Context, viewer, id ID) (StatusView, []VersionView, error) {
	v, err := r.Status(ctx, viewer, id)
	if err != nil {
		return v, nil, err
	}
	versions, err := r.Store.Versions(ctx, id)
	if err != nil {
		return v, nil, err
	}
	if len(versions) == 0 {
		at := v.Status.EditedAt
		if at.IsZero() {
			at = v.Status.CreatedAt
		}
		now, err := versionNow(ctx, r.Store, v.Status, at)
		if err != nil {
			return v, nil, err
		}
		versions = append(versions, now)
	}
	var ids []ID
	for _, x := range versions {
		ids = append(ids, x.Attachments...)
	}
	shown, err := r.Store.AttachmentsByID(ctx, ids)
	if err != nil {
		return v, nil, err
	}
	out := make([]VersionView, len(versions))
	for i, x := range versions {
		out[i].Version = x
		for _, id := range x.Attachments {
			if a, ok := shown[id]; ok {
				out[i].Attachments = append(out[i].Attachments, a)
			}
		}
	}
	return v, out, nil
}
