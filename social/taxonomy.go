package social

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"orrery/social/richtext"
)

// NameID is the id in the client API of what has none of its own, a hashtag or the host of a page: made of its name.
func NameID(name string) ID {
	h := fnv.New64a()
	h.Write([]byte(name))
	return ID(h.Sum64() >> 1) // ids are positive
}

// TagDecision is what staff decided about a hashtag. Whether it may trend is a Review.
type TagDecision struct {
	Tag      string // normalised
	Display  string // how it is written, "" when nobody said
	Barred   bool   // people here cannot post with it
	Unlisted bool   // searches do not find it
}

// TaxonomyStore keeps decisions about hashtags, and knows what can be decided about.
type TaxonomyStore interface {
	// TagDecisions are those about tags, by tag.
	TagDecisions(ctx context.Context, tags []string) (map[string]TagDecision, error)
	PutTagDecision(ctx context.Context, d TagDecision) error
	// KnownTags are all hashtags in posts and decisions, KnownHosts all hosts of pages with a card; in no order.
	KnownTags(ctx context.Context) ([]string, error)
	KnownHosts(ctx context.Context) ([]string, error)
}

// Named is one page of names, by their ids, the highest first. It reads all of them, so it is for staff alone.
func Named(names []string, p Page) []string {
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(NameID(b), NameID(a)) })
	names = slices.DeleteFunc(names, func(name string) bool {
		id := NameID(name)
		return p.MaxID != 0 && id >= p.MaxID || p.SinceID != 0 && id <= p.SinceID || p.MinID != 0 && id <= p.MinID
	})
	if p.MinID != 0 {
		return names[max(len(names)-p.Limit, 0):]
	}
	return names[:min(p.Limit, len(names))]
}

// NameOf is which of names has id. ErrNotFound.
func NameOf(names []string, id ID) (string, error) {
	for _, name := range names {
		if NameID(name) == id {
			return name, nil
		}
	}
	return "", fmt.Errorf("name with id %d: %w", id, ErrNotFound)
}

// DecideTag keeps what by decided about a hashtag. ErrForbidden, ErrInvalid (another word for display).
func (m *Moderation) DecideTag(ctx context.Context, by ID, d TagDecision) error {
	if d.Display != "" && richtext.NormalizeTag(d.Display) != d.Tag {
		return &Error{Kind: ErrInvalid, Field: "display_name", Message: fmt.Sprintf("%q is another hashtag: only small and capital letters may differ from %q.", d.Display, d.Tag)}
	}
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageTaxonomies); err != nil {
			return err
		}
		if err := tx.PutTagDecision(ctx, d); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "update", "tag", 0, "#"+d.Tag)
	})
}

// ReviewTrend says whether a subject may trend. ErrForbidden.
func (m *Moderation) ReviewTrend(ctx context.Context, by ID, kind TrendKind, subject string, allowed bool) error {
	action := "reject"
	if allowed {
		action = "approve"
	}
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageTaxonomies); err != nil {
			return err
		}
		if err := tx.PutReview(ctx, kind, subject, Review{Allowed: allowed, At: m.now()}); err != nil {
			return err
		}
		return m.did(ctx, tx, by, action, "trend_"+string(kind), 0, subject)
	})
}

// unbarred refuses posts of here with hashtags that staff barred.
func (s *Statuses) unbarred(ctx context.Context, tags []string) error {
	if len(tags) == 0 {
		return nil
	}
	decided, err := s.Store.TagDecisions(ctx, tags)
	if err != nil {
		return err
	}
	var barred []string
	for _, tag := range tags {
		if decided[tag].Barred {
			barred = append(barred, "#"+tag)
		}
	}
	if len(barred) > 0 {
		return &Error{Kind: ErrInvalid, Field: "text", Message: "This server does not allow " + strings.Join(barred, ", ") + ": leave that out."}
	}
	return nil
}
