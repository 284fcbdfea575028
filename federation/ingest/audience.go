package ingest

import (
	"context"
	"fmt"
	"slices"

	"orrery/federation/policy"
	"orrery/federation/vocab"
	"orrery/social"
	"orrery/social/richtext"
)

// address sets mentions and tags. Local people who are addressed without being named become silent mentions, and a
// direct post becomes limited by them (federation.md §3.3).
func (g *Ingest) address(ctx context.Context, tx Tx, s *social.Status, author social.Account, n vocab.Note, arr Arrival, need Needed) error {
	named := tag(s, n, need)
	audience := slices.DeleteFunc(addressees(n, arr), func(uri string) bool { return vocab.IsPublic(uri) || uri == author.FollowersURL })
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
		if richtext.ValidTag(word) && !slices.Contains(s.Tags, word) {
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
	r := policy.Received{Type: "Create", Visibility: policy.Visibility(v), Fetched: arr.Fetched, HandedOn: arr.HandedOn}
	if r.Fetched {
		return r, nil
	}
	if err := g.owned(ctx, tx, &r, author, parent); err != nil {
		return r, err
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
	if arr.Carrier != nil && !r.CarrierFollowed {
		if r.Relayed, err = social.Relayed(ctx, tx, arr.Carrier.InboxURL); err != nil {
			return r, err
		}
	}
	if parent != nil {
		r.AnswersLocal = parent.Local
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

func inputs(r policy.Received) map[string]string {
	in := map[string]string{}
	for name, is := range map[string]bool{
		"author followed here": r.AuthorFollowed, "carrier followed here": r.CarrierFollowed,
		"carried by a relay": r.Relayed, "answers a known post": r.AnswersKnown, "addresses somebody here": r.Addressed, "asked for": r.Fetched,
	} {
		in[name] = fmt.Sprint(is)
	}
	return in
}
