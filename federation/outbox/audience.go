package outbox

import (
	"context"
	"fmt"
	"slices"

	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/social"
)

// recipient is one inbox, why it gets a copy, and the accounts behind it.
type recipient struct {
	inbox    string
	rule     rules.ID
	accounts []social.Account
}

// handles are at most five of the accounts, as a person reads them.
func (r recipient) handles() []string {
	var hs []string
	for _, a := range r.accounts[:min(len(r.accounts), 5)] {
		hs = append(hs, a.Acct())
	}
	return hs
}

// recipients gathers inboxes in order, each once; the first reason counts. The zero value is empty.
type recipients struct {
	list []recipient
	at   map[string]int // inbox → place in list
}

func (rs *recipients) add(a social.Account, personal bool, rule rules.ID) {
	inbox := a.PreferredInbox()
	if personal {
		inbox = a.InboxURL
	}
	if a.Local() || inbox == "" {
		return
	}
	r := rs.addInbox(inbox, rule)
	r.accounts = append(r.accounts, a)
}

// addInbox is add for an inbox that belongs to nobody in particular.
func (rs *recipients) addInbox(inbox string, rule rules.ID) *recipient {
	i, ok := rs.at[inbox]
	if !ok {
		if rs.at == nil {
			rs.at = map[string]int{}
		}
		i = len(rs.list)
		rs.at[inbox] = i
		rs.list = append(rs.list, recipient{inbox: inbox, rule: rule})
	}
	return &rs.list[i]
}

// reach turns the policy's steps for an activity of kind about v into inboxes (federation.md §8.1, §8.2).
func (o *Outbox) reach(ctx context.Context, kind string, v social.StatusView) ([]recipient, error) {
	post, err := o.post(ctx, kind, v)
	if err != nil {
		return nil, err
	}
	var rs recipients
	for _, step := range o.Policy.Reach(post) {
		if step.Whom == policy.Relays {
			if err := o.relays(ctx, &rs); err != nil {
				return nil, err
			}
			continue
		}
		accounts, err := o.accounts(ctx, v, step.Whom)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", step.Whom, v.Status.URI, err)
		}
		for _, a := range accounts {
			if o.Policy.SkipsSuspended && post.Type != "Delete" && a.Suspended() && !a.Local() {
				o.Observer.Observe(ctx, observe.Skipped{Rule: rules.DeliverSuspended, What: "deliver", Target: a.URI})
				continue
			}
			rs.add(a, step.Personal, step.Rule)
		}
	}
	return rs.list, nil
}

func (o *Outbox) accounts(ctx context.Context, v social.StatusView, whom policy.Whom) ([]social.Account, error) {
	switch whom {
	case policy.Followers:
		return o.Store.RemoteFollowers(ctx, v.Author.ID)
	case policy.Mentioned:
		return append(append([]social.Account(nil), v.Mentions...), v.Silent...), nil
	case policy.ParentAuthor:
		if v.ReplyTo != nil {
			return []social.Account{*v.ReplyTo}, nil
		}
	case policy.ThreadOwner:
		return o.owner(ctx, v.Thread)
	case policy.ParentFollowers:
		if v.Parent != nil {
			return o.parentFollowers(ctx, v)
		}
	case policy.Interacted:
		return o.Store.Interacted(ctx, v.Status.ID)
	case policy.Voters:
		return o.Store.Voters(ctx, v.Status.ID)
	case policy.Boosters:
		return o.boosters(ctx, v.Status.ID)
	case policy.QuotedAuthor:
		return o.quotedAuthor(ctx, v)
	case policy.BoostedAuthor:
		if v.Boost != nil {
			return []social.Account{v.Boost.Author}, nil
		}
	}
	return nil, nil
}

// parentFollowers are the followers of whom v answers, without those who live on a domain that v's author blocks for
// themselves (federation.md §8.2).
func (o *Outbox) parentFollowers(ctx context.Context, v social.StatusView) ([]social.Account, error) {
	followers, err := o.Store.RemoteFollowers(ctx, v.Parent.AccountID)
	if err != nil || len(followers) == 0 {
		return nil, err
	}
	ids := make([]social.ID, len(followers))
	for i, a := range followers {
		ids[i] = a.ID
	}
	ties, err := o.Store.Relationships(ctx, v.Author.ID, ids)
	return slices.DeleteFunc(followers, func(a social.Account) bool { return ties[a.ID].DomainBlocking }), err
}

// post gathers what the policy looks at.
func (o *Outbox) post(ctx context.Context, kind string, v social.StatusView) (policy.Post, error) {
	p := policy.Post{Type: kind, Visibility: policy.Visibility(v.Status.Visibility)}
	p.Owner, p.Root = o.whose(v.Thread), v.Thread != nil && v.Thread.RootID == v.Status.ID
	if v.Status.Visibility == social.Limited {
		p.Visibility = policy.Direct
	}
	if p.Visibility == policy.Public {
		all, err := o.Store.Relays(ctx)
		if err != nil {
			return p, err
		}
		p.Relays = len(all) > 0
	}
	// Whom a reply answers may be carried over along one's own thread; whose followers it reaches is the direct parent's
	// matter (federation.md §8.2).
	p.AnswersRemote = v.ReplyTo != nil && !v.ReplyTo.Local()
	p.AnswersLocal = v.Parent != nil && v.Parent.Local && v.Parent.AccountID != v.Author.ID
	p.Waits = v.Approval != nil && v.Approval.Waits
	p.QuotesRemote = v.Quote != nil && v.Quote.Quote.RequestURI != ""
	if v.Boost == nil || v.Boost.Author.Local() {
		return p, nil
	}
	follows, err := o.Store.FollowedBy(ctx, v.Author.ID, []social.ID{v.Boost.Author.ID})
	p.BoostedFollowsBooster = follows[v.Boost.Author.ID]
	return p, err
}
