package social

import (
	"context"
	"fmt"
	"slices"
)

// StatusView is a status with everything a reader sees, as one viewer sees it. Client API entities, ActivityPub documents
// and pages are pure functions of it, so each thing is loaded in one place and they cannot disagree about privacy.
type StatusView struct {
	Status   Status
	Author   Account
	Mentions []Account // in the order of the text, silent ones left out
	Silent   []Account // addressed without being named
	// Unaddressed are those of Mentions whom the post is not addressed to: its author is limited, and they neither follow them
	// nor asked to (federation.md §3.3). Only known of authors who live here.
	Unaddressed map[ID]bool
	Tags        []string
	ReplyTo     *Account    // author of the status answered, when known
	Parent      *Status     // the status answered, when known; only its addresses when the viewer may not see it
	Boost       *StatusView // the status boosted, when this is a boost
	// Attachments are in order; Emojis those that its text and warning name. A boost has none of its own.
	Attachments []Attachment
	Emojis      []Emoji
	Poll        *Poll // with the viewer's own choices
	Quote       *QuoteView
	QuotesCount int64
	Card        *Card     // of the page that it links to; nil for none
	Thread      *Thread   // with an owner; loaded only for documents
	Approval    *Approval // of a reply that needs one; loaded only for documents
	Viewer      ViewerState
	Filtered    []FilterMatch // by filters of the viewer's, expired ones too
	Via         string        // why it stands in this timeline, see HomeEntry
}

// Proper is the status that people read and react to: the boosted one for a boost, else the status itself.
func (v *StatusView) Proper() *StatusView {
	if v.Boost != nil {
		return v.Boost
	}
	return v
}

// Marks is what somebody did with a status; muted is its conversation.
type Marks struct{ Favourited, Boosted, Bookmarked, Pinned, Muted bool }

// ViewerState is how the viewer stands to a status.
type ViewerState struct {
	Marks
	Quoting string // whether they may quote it: QuoteAutomatic …
}

// NotificationView is a notification with its parts loaded.
type NotificationView struct {
	Notification Notification
	From         Account
	Status       *StatusView
	Subjects
}

// Reader loads views in batches: a constant number of queries for any number of ids.
type Reader struct {
	Store Tx
	Shelf *Shelf // nil keeps nothing, as it must be inside a transaction
}

// Status loads one, or ErrNotFound when viewer (0: anybody) may not see it.
func (r *Reader) Status(ctx context.Context, viewer, id ID) (StatusView, error) {
	vs, err := r.Statuses(ctx, viewer, []ID{id})
	if err != nil {
		return StatusView{}, err
	}
	if len(vs) == 0 {
		return StatusView{}, fmt.Errorf("status %d for %d: %w", id, viewer, ErrNotFound)
	}
	return vs[0], nil
}

// Statuses returns views in the order of ids, leaving out those that viewer (0: anybody) may not see.
func (r *Reader) Statuses(ctx context.Context, viewer ID, ids []ID) ([]StatusView, error) {
	return r.statuses(ctx, viewer, ids, (*loaded).visible)
}

// Wanted is Statuses without what viewer asked not to meet: posts and boosts of and by those whom viewer blocks or mutes,
// whose domain viewer blocks, or who block viewer (federation.md §10.3).
func (r *Reader) Wanted(ctx context.Context, viewer ID, ids []ID) ([]StatusView, error) {
	return r.statuses(ctx, viewer, ids, func(l *loaded, v *StatusView) bool { return l.visible(v) && l.wanted(v) })
}

func (r *Reader) statuses(ctx context.Context, viewer ID, ids []ID, keep func(*loaded, *StatusView) bool) ([]StatusView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	l, err := r.load(ctx, viewer, ids, nil)
	if err != nil {
		return nil, err
	}
	views := make([]StatusView, 0, len(ids))
	for _, id := range ids {
		if v, ok := l.view(id); ok && keep(l, v) {
			views = append(views, *v)
		}
	}
	return views, nil
}

// Home returns one page of viewer's home timeline and the page's cursor bounds are the statuses' own ids.
func (r *Reader) Home(ctx context.Context, viewer ID, p Page) ([]StatusView, error) {
	entries, err := r.Store.Home(ctx, viewer, p)
	if err != nil {
		return nil, err
	}
	ids := make([]ID, len(entries))
	via := make(map[ID]string, len(entries))
	for i, e := range entries {
		ids[i], via[e.StatusID] = e.StatusID, e.Via
	}
	views, err := r.Statuses(ctx, viewer, ids)
	for i := range views {
		views[i].Via = via[views[i].Status.ID]
	}
	return views, err
}

// Thread returns the ancestors of id from the root down, and its descendants depth first, as viewer sees them.
// Anonymous viewers get at most 40 above, and below 60 in 20 levels; others 4,096 each (federation.md §10.3).
func (r *Reader) Thread(ctx context.Context, viewer, id ID) (up, down []StatusView, err error) {
	maxUp, maxDown, depth := 4096, 4096, 4096
	if viewer == 0 {
		maxUp, maxDown, depth = 40, 60, 20
	}
	above, err := r.Store.Ancestors(ctx, id, maxUp)
	if err != nil {
		return nil, nil, err
	}
	below, err := r.Store.Descendants(ctx, id, maxDown, depth)
	if err != nil {
		return nil, nil, err
	}
	views, err := r.Wanted(ctx, viewer, slices.Concat(above, below))
	if err != nil {
		return nil, nil, err
	}
	for _, v := range views {
		if slices.Contains(above, v.Status.ID) {
			up = append(up, v)
		} else {
			down = append(down, v)
		}
	}
	return up, down, nil
}

// Promoted puts what somebody answers to their own posts before the answers of others: long posts come in pieces. The
// order is kept otherwise (federation.md §10.3). It changes down; a page that draws the tree does without.
func Promoted(down []StatusView) []StatusView {
	answersSelf := func(v StatusView) bool { return v.Status.ReplyToAccountID == v.Status.AccountID }
	slices.SortStableFunc(down, func(a, b StatusView) int {
		switch x, y := answersSelf(a), answersSelf(b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return down
}

// Notifications returns one page of what happened to viewer.
func (r *Reader) Notifications(ctx context.Context, viewer ID, f NotificationFilter, p Page) ([]NotificationView, error) {
	ns, err := r.Store.Notifications(ctx, viewer, f, p)
	if err != nil {
		return nil, err
	}
	return r.notifications(ctx, viewer, ns)
}

func (r *Reader) notifications(ctx context.Context, viewer ID, ns []Notification) ([]NotificationView, error) {
	var people, statuses []ID
	for _, n := range ns {
		people = append(people, n.FromID)
		if n.StatusID != 0 {
			statuses = append(statuses, n.StatusID)
		}
	}
	posts, from, err := r.together(ctx, viewer, statuses, people)
	if err != nil {
		return nil, err
	}
	out := make([]NotificationView, 0, len(ns))
	for _, n := range ns {
		who, about := from[n.FromID], posts[n.StatusID]
		if who == nil || (n.StatusID != 0 && about == nil) {
			continue // its author or post is gone, or out of sight now
		}
		out = append(out, NotificationView{Notification: n, From: *who, Status: about})
	}
	return r.subjects(ctx, viewer, out)
}

// together loads posts as viewer sees them, without those that they may not see, and people, for a page that shows both.
func (r *Reader) together(ctx context.Context, viewer ID, statuses, people []ID) (map[ID]*StatusView, map[ID]*Account, error) {
	l, err := r.load(ctx, viewer, statuses, people)
	if err != nil {
		return nil, nil, err
	}
	posts := make(map[ID]*StatusView, len(l.posts))
	for _, id := range statuses {
		if posts[id] != nil {
			continue
		}
		if v, ok := l.view(id); ok && l.visible(v) {
			posts[id] = v
		}
	}
	return posts, l.accounts, nil
}

// AccountTimeline returns one page of author's posts as viewer sees them.
func (r *Reader) AccountTimeline(ctx context.Context, viewer, author ID, f AccountFilter, p Page) ([]StatusView, error) {
	f.Viewer, f.Visibilities = viewer, []Visibility{Public, Unlisted}
	if viewer == author {
		f.Visibilities = []Visibility{Public, Unlisted, Private, Direct, Limited}
	} else if viewer != 0 {
		ties, err := r.Store.Relationships(ctx, viewer, []ID{author})
		if err != nil || ties[author].HiddenFrom() {
			return nil, err
		}
		if ties[author].Following {
			f.Visibilities = append(f.Visibilities, Private)
		}
	}
	ids, err := r.Store.AccountTimeline(ctx, author, f, p)
	if err != nil {
		return nil, err
	}
	return r.Statuses(ctx, viewer, ids)
}
