package social

import (
	"context"
	"fmt"
	"reflect"
)

// editAttachments makes the remote status old show now instead of what it shows, and reports whether that is a change. What is
// still there, by its address, keeps its id, with the text that it has now; what is not is Replaced.
func (s *Statuses) editAttachments(ctx context.Context, tx Tx, old Status, now []Attachment) (changed bool, err error) {
	shown, err := tx.Attachments(ctx, []ID{old.ID})
	if err != nil {
		return false, fmt.Errorf("edit attachments of %s: %w", old.URI, err)
	}
	before := shown[old.ID]
	changed = len(before) != len(now)
	ids := make([]ID, 0, len(now))
	for i, a := range now {
		known := knownAttachment(before, a)
		if known == nil {
			a.ID, a.AccountID, a.CreatedAt = s.NewID(), old.AccountID, s.Now()
			err, changed = tx.InsertAttachment(ctx, a), true
		} else if updated := withClaims(*known, a); !reflect.DeepEqual(updated, *known) {
			err, changed, a = tx.UpdateAttachment(ctx, updated), true, updated
		} else {
			changed, a = changed || known.Place != i, updated
		}
		if err != nil {
			return false, err
		}
		ids = append(ids, a.ID)
	}
	if !changed {
		return false, nil
	}
	return true, tx.SetAttachments(ctx, old.ID, ids)
}

func knownAttachment(before []Attachment, a Attachment) *Attachment {
	for i := range before {
		if before[i].RemoteURL == a.RemoteURL {
			return &before[i]
		}
	}
	return nil
}

// withClaims is known with what its server says of it now.
func withClaims(known, now Attachment) Attachment {
	known.Kind, known.MediaType, known.RemotePreviewURL = now.Kind, now.MediaType, now.RemotePreviewURL
	known.Description, known.Blurhash, known.Meta = now.Description, now.Blurhash, now.Meta
	return known
}
