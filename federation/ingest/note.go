package ingest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
	"orrery/social/richtext"
)

// Arrival says how a post came.
type Arrival struct {
	How      rules.ID        // learn.delivered, learn.forwarded, learn.gap-filled, learn.fetched, learn.searched
	Fetched  bool            // this instance asked for it: it need not be related to anybody here
	HandedOn bool            // by the owner of its conversation
	Carrier  *social.Account // who passed it on, nil when its author's server delivered it
	// Personal is the owner of the personal inbox it came to, nil otherwise.
	Personal *social.Account
	To, Cc   []string // of the activity, for objects that do not say
}

// Needed is what need found outside for a post.
type Needed struct {
	Mentioned map[string]social.Account // by actor URI
	Unreached []string                  // whom it mentions and whose servers did not answer, by URI
	Approved  bool                      // the author of what it answers says that it may
}

// Outcome is what became of a post or activity.
type Outcome struct {
	Outcome observe.Outcome
	Rule    rules.ID
	Object  string
	Inputs  map[string]string
	// Status is the post, new or known; zero when there is none.
	Status social.Status
	New    bool
	Parent *social.Status // the known status it answers
}

// Drop is the outcome of not keeping something.
func Drop(rule rules.ID, object string) Outcome {
	return Outcome{Outcome: observe.Dropped, Rule: rule, Object: object}
}

// NeedNote finds the accounts that n mentions, reading those that are not known. A mention that cannot be had, or not in
// time, is left out.
func (g *Ingest) NeedNote(ctx context.Context, n vocab.Note) (Needed, error) {
	found := Needed{Mentioned: map[string]social.Account{}}
	var err error
	if found.Approved, err = g.approved(ctx, n); err != nil {
		return Needed{}, err
	}
	uris := make([]string, 0, len(n.Mentions))
	for _, m := range n.Mentions {
		uris = append(uris, m.Href)
	}
	known, err := g.Store.AccountsByURI(ctx, uris)
	if err != nil {
		return Needed{}, err
	}
	if g.Policy.Owners == policy.OwnedByCommunity && translate.IsHTTP(n.Community) && !g.URLs.IsLocal(n.Community) {
		if _, err := g.Actor(ctx, n.Community); err != nil && !errors.Is(err, ErrNotHere) && !errors.Is(err, fetch.ErrUnreachable) {
			return Needed{}, err // a conversation in a community that cannot be had belongs to nobody
		}
	}
	look, cancel := context.WithTimeout(ctx, cmp.Or(g.Patience, 30*time.Second))
	defer cancel()
	for _, uri := range uris {
		if a, ok := known[uri]; ok {
			found.Mentioned[uri] = a
			continue
		}
		if !translate.IsHTTP(uri) || g.URLs.IsLocal(uri) || look.Err() != nil {
			continue
		}
		a, err := g.Actor(look, uri)
		switch { // without it the post is kept all the same, and the link made when a job has found whom it means (federation.md §14.3/74)
		case err == nil:
			found.Mentioned[uri] = a
		case errors.Is(err, fetch.ErrUnreachable) && len(found.Unreached) < maxUnreached:
			found.Unreached = append(found.Unreached, uri)
		}
	}
	return found, nil
}

// maxUnreached bounds the look-ups that one post leaves for later.
const maxUnreached = 20

// ApplyNote keeps the post n by author in tx, or says why not (federation.md §4.1 steps 3 to 7). It is idempotent by the
// post's id.
func (g *Ingest) ApplyNote(ctx context.Context, tx Tx, n vocab.Note, author social.Account, arr Arrival, need Needed) (Outcome, error) {
	if taken, err := tx.TakenBack(ctx, author.ID, n.ID, g.Now()); err != nil || taken {
		return Drop(rules.DropDeletedBefore, n.ID), err
	}
	if known, err := known(ctx, tx, n); err != nil {
		return Outcome{}, err
	} else if known != nil {
		return g.again(ctx, tx, *known, author, arr)
	}
	if g.Policy.Owners == policy.OwnedByCommunity && n.Type == "Page" {
		n.Converted = false // its own kind of post
	}
	s := translate.Status(n, author, arr.To, arr.Cc, g.Now(), g.Statuses.Text)
	s.Origin = g.counted(n)
	parent, err := parent(ctx, tx, n)
	if err != nil {
		return Outcome{}, err
	}
	if parent != nil {
		s.ReplyToID, s.ReplyToURI = parent.ID, parent.URI
		s.ReplyToAccountID = social.AnsweredAccount(author.ID, *parent)
		s.Conversation = cmp.Or(s.Conversation, parent.Conversation)
	}
	if err := g.address(ctx, tx, &s, author, n, arr, need); err != nil {
		return Outcome{}, err
	}
	received, err := g.related(ctx, tx, n, s.Visibility, author, parent, arr)
	if err != nil {
		return Outcome{}, err
	}
	if received.Answering, err = g.answering(ctx, tx, n, author, parent, need); err != nil {
		return Outcome{}, err
	}
	verdict := g.Policy.Accept(received)
	if !verdict.Yes && arr.Fetched {
		return Drop(verdict.Rule, n.ID), nil
	}
	if !verdict.Yes {
		return Drop(verdict.Rule, n.ID), g.tellAnswer(ctx, tx, received.Answering, parent, author, 0, n.ID)
	}
	if ballot, out, err := g.vote(ctx, tx, n, author, parent); err != nil || ballot {
		return out, err
	}
	out := Outcome{Outcome: observe.Accepted, Rule: verdict.Rule, Object: n.ID, Parent: parent, New: true, Inputs: inputs(received)}
	out.Status, err = g.insert(ctx, tx, s, author, n, arr, need)
	if errors.Is(err, social.ErrConflict) {
		return Drop(rules.DropDuplicate, n.ID), nil
	}
	if err != nil || arr.Fetched {
		return out, err
	}
	return out, g.tellAnswer(ctx, tx, received.Answering, parent, author, out.Status.ID, n.ID)
}

// known finds the post by its id, then by its atomUri.
func known(ctx context.Context, tx Tx, n vocab.Note) (*social.Status, error) {
	return firstKnown(ctx, tx, n.ID, n.AtomURI)
}

// parent finds the post that n answers; a post does not answer itself.
func parent(ctx context.Context, tx Tx, n vocab.Note) (*social.Status, error) {
	uris := []string{n.InReplyTo, n.InReplyToAtomURI}
	return firstKnown(ctx, tx, slices.DeleteFunc(uris, func(uri string) bool { return uri == n.ID })...)
}

// firstKnown is the first of the addresses at which a post is known here; nil when none is. Equal neighbours, as Mastodon
// writes them, are looked up once.
func firstKnown(ctx context.Context, tx Tx, uris ...string) (*social.Status, error) {
	for _, uri := range slices.Compact(uris) {
		if uri == "" {
			continue
		}
		s, err := tx.StatusByURI(ctx, uri)
		if err == nil {
			return &s, nil
		}
		if !errors.Is(err, social.ErrNotFound) {
			return nil, err
		}
	}
	return nil, nil
}

// again is a post that is known already. Delivered to a personal inbox, it may reach one more reader.
func (g *Ingest) again(ctx context.Context, tx Tx, s social.Status, author social.Account, arr Arrival) (Outcome, error) {
	if s.AccountID != author.ID {
		return Drop(rules.DropOtherOwner, s.URI), nil
	}
	out := Drop(rules.DropDuplicate, s.URI)
	out.Status = s
	if arr.Personal == nil {
		return out, nil
	}
	ms, err := tx.Mentions(ctx, []social.ID{s.ID})
	if err != nil {
		return Outcome{}, err
	}
	for _, m := range ms[s.ID] {
		if m.AccountID == arr.Personal.ID {
			return out, nil
		}
	}
	v := s.Visibility
	if v == social.Direct {
		v = social.Limited
	}
	added := social.Mention{AccountID: arr.Personal.ID, Silent: true}
	if err := tx.AddMention(ctx, s.ID, added, v); err != nil {
		return Outcome{}, err
	}
	s.Visibility, s.Mentions = v, append(ms[s.ID], added)
	return out, g.Statuses.DistributeTo(ctx, tx, author, s, arr.Personal.ID)
}

// insert writes the status, brings it to its readers and leaves what must be looked up.
func (g *Ingest) insert(ctx context.Context, tx Tx, s social.Status, author social.Account, n vocab.Note, arr Arrival, need Needed) (social.Status, error) {
	s.ID = g.NewID()
	if arr.Fetched && s.CreatedAt.Before(g.Now()) {
		s.ID = g.NewIDAt(s.CreatedAt)
	}
	if s.Conversation == "" { // some software names none, and people here mute conversations
		s.Conversation = g.Statuses.Conversation(author, s.ID, g.Now())
	}
	var err error
	if s.Attachments, err = g.attachments(ctx, n, author); err != nil {
		return s, err
	}
	for i := range s.Attachments {
		s.Attachments[i].ID, s.Attachments[i].CreatedAt = g.NewID(), g.Now()
	}
	if err := tx.InsertStatus(ctx, s); err != nil {
		return s, err
	}
	if err := g.joinThread(ctx, tx, s, n, author); err != nil {
		return s, err
	}
	if err := g.keepReplyRule(ctx, tx, s, n); err != nil {
		return s, err
	}
	if err := g.KeepEmojis(ctx, tx, n, author); err != nil {
		return s, err
	}
	if err := g.Statuses.Link(ctx, tx, s, n.Link); err != nil {
		return s, err
	}
	if err := g.leaveMentions(ctx, tx, s, need.Unreached); err != nil {
		return s, err
	}
	if err := g.keepQuote(ctx, tx, s, n); err != nil {
		return s, err
	}
	if !arr.Fetched || g.Now().Sub(s.CreatedAt) < social.RealTime {
		if err := g.Statuses.Distribute(ctx, tx, author, s); err != nil {
			return s, err
		}
	}
	learned := observe.Learned{Rule: arr.How, Object: s.URI, ObjectType: s.ObjectType, InReplyTo: s.ReplyToURI, Author: author.URI, Visibility: string(s.Visibility)}
	if s.Visibility.Distributable() {
		learned.Excerpt = richtext.Excerpt(s.Content, 80)
	}
	if !s.EditedAt.IsZero() {
		learned.Version = s.EditedAt.UTC().Format(time.RFC3339)
	}
	g.Observer.Observe(ctx, learned)
	g.tellCounts(ctx, s.URI, s.Origin)
	return s, g.lookAround(ctx, tx, s, n, arr)
}
