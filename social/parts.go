package social

import "context"

// Parts says what a status has beside its own row, so that nobody looks for what is not there.
type Parts struct {
	Mentions, Tags, Attachments, Quote, Poll, Card bool

	Quotes int64 // accepted ones of it
}

// PartStore finds statuses for readers.
type PartStore interface {
	// StatusesWithParts is StatusesByID, with what each has.
	StatusesWithParts(ctx context.Context, ids []ID) (map[ID]Status, map[ID]Parts, error)
}
