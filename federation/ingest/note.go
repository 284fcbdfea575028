package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

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
	How     rules.ID        // learn.delivered, learn.forwarded, learn.gap-filled, learn.fetched, learn.searched
	Fetched bool            // this instance asked for it: it need not be related to anybody here
	Carrier *social.Account // who passed it on, nil when its author's server delivered it
	// Personal is the owner of the personal inbox it came to, nil otherwise.
	Personal *social.Account
	To, Cc   []string // of the activity, for objects that do not say
}

// Needed is what need found outside for a post.
type Needed struct {
	Mentioned map[string]social.Account // by actor URI
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
	uris := make([]string, 0, len(n.Mentions))
	for _, m := range n.Mentions {
		uris = append(uris, m.Href)
	}
	known, err := g.Store.AccountsByURI(ctx, uris)
	if err != nil {
		return Needed{}, err
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
		if err != nil {
			continue // the post is kept without the link (federation.md §14.3/74)
		}
		found.Mentioned[uri] = a
	}
	return found, nil
}

// ApplyNote keeps the post n by author in tx, or says why not (federation.md §4.1 steps 3 to 7). It is idempotent by the
// post's id.
func (g *Ingest) ApplyNote(ctx context.Context, tx Tx, n vocab.Note, author social.Account, arr Arrival, need Needed) (Outcome, error) {
	if taken, err := g.takenBack(ctx, tx, author, n.ID); err != nil || taken {
		return Drop(rules.DropDeletedBefore, n.ID), err
	}
	if known, err := g.known(ctx, tx, n); err != nil {
		return Outcome{}, err
	} else if known != nil {
		return g.again(ctx, tx, *known, author, arr)
	}
	s := translate.Status(n, author, arr.To, arr.Cc, g.Now())
	parent, err := g.parent(ctx, tx, n)
	if err != nil {
		return Outcome{}, err
	}
	if parent != nil {
		s.ReplyToID, s.ReplyToURI = parent.ID, parent.URI
		s.ReplyToAccountID = social.AnsweredAccount(author.ID, *parent)
	}
	if err := g.address(ctx, tx, &s, n, arr, need); err != nil {
		return Outcome{}, err
	}
	received, err := g.related(ctx, tx, n, s.Visibility, author, parent, arr)
	if err != nil {
		return Outcome{}, err
	}
	verdict := g.Policy.Accept(received)
	if !verdict.Yes {
		return Drop(verdict.Rule, n.ID), nil
	}
	out := Outcome{Outcome: observe.Accepted, Rule: verdict.Rule, Object: n.ID, Parent: parent, New: true, Inputs: inputs(received)}
	out.Status, err = g.insert(ctx, tx, s, author, n, arr)
	if errors.Is(err, social.ErrConflict) {
		return Drop(rules.DropDuplicate, n.ID), nil
	}
	return out, err
}

func (g *Ingest) takenBack(ctx context.Context, tx Tx, author social.Account, uri string) (bool, error) {
	if dead, err := tx.Tombstoned(ctx, uri); err != nil || dead {
		return dead, err
	}
	return tx.Suppressed(ctx, author.ID, uri, g.Now())
}

// known finds the post by its id, then by its atomUri.
func (g *Ingest) known(ctx context.Context, tx Tx, n vocab.Note) (*social.Status, error) {
	for i, uri := range []string{n.ID, n.AtomURI} {
		if uri == "" || i > 0 && uri == n.ID {
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

func (g *Ingest) parent(ctx context.Context, tx Tx, n vocab.Note) (*social.Status, error) {
	for i, uri := range []string{n.InReplyTo, n.InReplyToAtomURI} {
		if uri == "" || uri == n.ID || i > 0 && uri == n.InReplyTo {
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

// address sets mentions and tags. Local people who are addressed without being named become silent mentions, and a
// direct post becomes limited by them (federation.md §3.3).
func (g *Ingest) address(ctx context.Context, tx Tx, s *social.Status, n vocab.Note, arr Arrival, need Needed) error {
	named := tag(s, n, need)
	audience := addressees(n, arr)
	addressed, err := tx.AccountsByURI(ctx, audience)
	if err != nil {
		return err
	}
	silent := func(a social.Account) {
		if named[a.ID] || a.ID == s.AccountID {
			return
		}
		named[a.ID] = true
		s.Mentions = append(s.Mentions, social.Mention{AccountID: a.ID, Silent: true})
		if s.Visibility == social.Direct {
			s.Visibility = social.Limited
		}
	}
	for _, uri := range audience {
		if a, ok := addressed[uri]; ok {
			silent(a)
		}
	}
	if arr.Personal != nil {
		silent(*arr.Personal)
	}
	return nil
}

// tag sets what n names in its tags, people and hashtags, and returns the people.
func tag(s *social.Status, n vocab.Note, need Needed) map[social.ID]bool {
	named := map[social.ID]bool{}
	for _, m := range n.Mentions {
		if a, ok := need.Mentioned[m.Href]; ok && !named[a.ID] {
			named[a.ID] = true
			s.Mentions = append(s.Mentions, social.Mention{AccountID: a.ID})
		}
	}
	for _, t := range n.Hashtags {
		word := richtext.NormalizeTag(t.Name)
		if richtext.ValidTag(word) && !contains(s.Tags, word) {
			s.Tags = append(s.Tags, word)
		}
	}
	return named
}

// addressees are to and cc, each the object's own when it says it, else the activity's (federation.md §3.3).
func addressees(n vocab.Note, arr Arrival) []string {
	to, cc := arr.To, arr.Cc
	if n.HasTo {
		to = n.To
	}
	if n.HasCc {
		cc = n.Cc
	}
	return append(append([]string(nil), to...), cc...)
}

// related gathers what the policy looks at (federation.md §4.1 step 4).
func (g *Ingest) related(ctx context.Context, tx Tx, n vocab.Note, v social.Visibility, author social.Account, parent *social.Status, arr Arrival) (policy.Received, error) {
	r := policy.Received{Type: "Create", Visibility: policy.Visibility(v), Fetched: arr.Fetched}
	if r.Fetched {
		return r, nil
	}
	var err error
	if r.AuthorFollowed, err = tx.HasLocalFollower(ctx, author.ID); err != nil {
		return r, err
	}
	if arr.Carrier != nil {
		if r.CarrierFollowed, err = tx.HasLocalFollower(ctx, arr.Carrier.ID); err != nil {
			return r, err
		}
	}
	if parent != nil {
		if r.AnswersKnown = parent.Local; !parent.Local {
			if r.AnswersKnown, err = tx.HasLocalFollower(ctx, parent.AccountID); err != nil {
				return r, err
			}
		}
	}
	r.Addressed = arr.Personal != nil
	if !r.Addressed {
		r.Addressed, err = g.addressesLocal(ctx, tx, addressees(n, arr))
	}
	return r, err
}

// addressesLocal reports whether somebody here is in to or cc. Being named in a tag alone does not count: anybody can name
// anybody.
func (g *Ingest) addressesLocal(ctx context.Context, tx Tx, audience []string) (bool, error) {
	var here []string
	for _, uri := range audience {
		if g.URLs.IsLocal(uri) {
			here = append(here, uri)
		}
	}
	people, err := tx.AccountsByURI(ctx, here)
	return len(people) > 0, err
}

// insert writes the status, brings it to its readers and leaves what must be looked up.
func (g *Ingest) insert(ctx context.Context, tx Tx, s social.Status, author social.Account, n vocab.Note, arr Arrival) (social.Status, error) {
	s.ID = g.NewID()
	if arr.Fetched && s.CreatedAt.Before(g.Now()) {
		s.ID = g.NewIDAt(s.CreatedAt)
	}
	if err := tx.InsertStatus(ctx, s); err != nil {
		return s, err
	}
	if !arr.Fetched || g.Now().Sub(s.CreatedAt) < social.RealTime {
		if err := g.Statuses.Distribute(ctx, tx, author, s); err != nil {
			return s, err
		}
	}
	learned := observe.Learned{Rule: arr.How, Object: s.URI, ObjectType: s.ObjectType, InReplyTo: s.ReplyToURI, Author: author.URI}
	if s.Visibility.Distributable() {
		learned.Excerpt = richtext.Excerpt(s.Content, 80)
	}
	g.Observer.Observe(ctx, learned)
	return s, g.lookAround(ctx, tx, s, n)
}

func inputs(r policy.Received) map[string]string {
	in := map[string]string{}
	for name, is := range map[string]bool{
		"author followed here": r.AuthorFollowed, "carrier followed here": r.CarrierFollowed,
		"answers a known post": r.AnswersKnown, "addresses somebody here": r.Addressed, "asked for": r.Fetched,
	} {
		in[name] = fmt.Sprint(is)
	}
	return in
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
