package social

import (
	"context"
	"reflect"
	"slices"
)

// changed is media with what is said of it in changes.
func changed(media []Attachment, changes map[ID]MediaChange) []Attachment {
	out := slices.Clone(media)
	for i, a := range out {
		c := changes[a.ID]
		if c.Description != nil {
			out[i].Description = *c.Description
		}
		if c.Focus != nil {
			out[i].Meta.Focus = c.Focus
		}
	}
	return out
}

// showOwn makes the local status old show now, in that order, and reports whether that is a change. What goes is Replaced:
// earlier versions still show it.
func showOwn(ctx context.Context, tx Tx, old Status, now []Attachment) (bool, error) {
	shown, err := tx.Attachments(ctx, []ID{old.ID})
	if err != nil {
		return false, err
	}
	before := shown[old.ID]
	same := slices.EqualFunc(before, now, func(a, b Attachment) bool { return a.ID == b.ID })
	if !same {
		ids := make([]ID, len(now))
		for i, a := range now {
			ids[i] = a.ID
		}
		if err := tx.SetAttachments(ctx, old.ID, ids); err != nil {
			return false, err
		}
		if shown, err = tx.Attachments(ctx, []ID{old.ID}); err != nil {
			return false, err
		}
		if len(shown[old.ID]) != len(ids) {
			return false, &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A file was put into another post at the same moment: upload it again."}
		}
	}
	for _, a := range now {
		i := slices.IndexFunc(shown[old.ID], func(x Attachment) bool { return x.ID == a.ID })
		if kept := shown[old.ID][i]; kept.Description == a.Description && reflect.DeepEqual(kept.Meta, a.Meta) {
			continue
		}
		same = false
		if err := tx.UpdateAttachment(ctx, a); err != nil {
			return false, err
		}
	}
	return !same, nil
}
