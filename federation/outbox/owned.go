package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// thread finds the conversation with an owner that v stands in, and begins one for a public post that answers nothing.
func (o *Outbox) thread(ctx context.Context, v *social.StatusView) error {
	if o.Policy.Owners == "" {
		return nil
	}
	if v.Boost != nil {
		err := o.thread(ctx, v.Boost)
		v.Thread = v.Boost.Thread
		return err
	}
	t, err := o.Store.ThreadOf(ctx, v.Status.ID)
	switch {
	case err == nil:
		v.Thread = &t
		return nil
	case !errors.Is(err, social.ErrNotFound):
		return err
	case v.Status.ReplyToID != 0:
		if t, err = o.Store.ThreadOf(ctx, v.Status.ReplyToID); err == nil {
			v.Thread = &t
			return o.Store.JoinThread(ctx, t.ID, v.Status.ID)
		}
		return unlessMissing(err)
	case v.Status.ReplyToURI != "", !v.Status.Local, !v.Status.Visibility.Distributable():
		return nil
	}
	t = social.Thread{ID: v.Status.ID, RootID: v.Status.ID, Owner: v.Author.URI, History: o.Writer.URLs.History(v.Status.ID)}
	if o.Policy.Owners == policy.OwnedByCommunity {
		community, err := o.Store.AccountByHandle(ctx, social.CommunityName, "")
		if err != nil {
			return unlessMissing(err)
		}
		t.Owner, t.History = community.URI, ""
	}
	v.Thread = &t
	return o.Store.InsertThread(ctx, t)
}

func unlessMissing(err error) error {
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	return err
}

// whose is where the owner of t lives.
func (o *Outbox) whose(t *social.Thread) policy.Whose {
	switch {
	case t == nil:
		return ""
	case o.Writer.URLs.IsLocal(t.Owner):
		return policy.OwnerHere
	}
	return policy.OwnerElsewhere
}

// handedOn is the conversation in which v is handed on by the owner; nil when it is not: boosts are no matter of communities, and
// with what began a conversation all of it ends.
func (o *Outbox) handedOn(kind string, v social.StatusView) *social.Thread {
	boost := kind == "Announce" || kind == "Undo"
	if v.Thread == nil || boost && v.Thread.History == "" || v.Thread.RootID == v.Status.ID && v.Thread.History != "" && kind != "Create" {
		return nil
	}
	return v.Thread
}

// owner is the account of who owns the conversation of v, if it is known.
func (o *Outbox) owner(ctx context.Context, t *social.Thread) ([]social.Account, error) {
	if t == nil {
		return nil, nil
	}
	a, err := o.Store.AccountByURI(ctx, t.Owner)
	if err != nil {
		return nil, unlessMissing(err)
	}
	return []social.Account{a}, nil
}

// leaveHandingOn lets p's activity, about a post in the conversation t, be handed on if the owner lives here. signed is whether it
// carries a document signature.
func (o *Outbox) leaveHandingOn(ctx context.Context, p *plan, author social.Account, activity vocab.Object, signed bool, t *social.Thread, s social.Status) error {
	if o.Policy.HandOn == nil || o.whose(t) != policy.OwnerHere {
		return nil
	}
	d := o.Policy.HandOn(policy.Happened{Visibility: policy.Visibility(s.Visibility)})
	if !d.Yes {
		return nil
	}
	body, err := o.encode(ctx, author, activity, signed)
	if err != nil {
		return err
	}
	id, _ := activity.Get("id").(string)
	kind, _ := activity.Get("type").(string)
	h := work.HandingOn{Thread: int64(t.ID), Activity: id, Type: kind, Object: s.URI}
	if kind == "Create" && t.RootID == s.ID {
		h.Page = s.URI
	}
	also := p.also
	p.also = func(ctx context.Context, tx Tx) error {
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		if h.Body, err = tx.PutBody(ctx, body); err != nil {
			return err
		}
		return work.Enqueue(ctx, tx, work.HandOn, work.Push, s.URI, o.Now(), h)
	}
	return nil
}

// handOn carries out that the owner of a conversation, who lives here, tells everybody concerned of what happened in it: wrapped
// in an Announce or an Add, and as it was for programs that know no histories (federation.md §13.3.1 to §13.3.3).
func (o *Outbox) handOn(ctx context.Context, j jobs.Job) error {
	h, err := work.Read[work.HandingOn](j)
	if err != nil {
		return err
	}
	t, err := o.Store.ThreadByID(ctx, social.ID(h.Thread))
	if errors.Is(err, social.ErrNotFound) {
		return nil // the post that began it was deleted, and all of it is over
	}
	if err != nil {
		return err
	}
	owner, err := o.Store.AccountByURI(ctx, t.Owner)
	if err != nil {
		return fmt.Errorf("owner of thread %d: %w", t.ID, err)
	}
	body, err := o.Body(ctx, h.Body)
	if err != nil {
		return fmt.Errorf("activity %s: %w", h.Activity, err)
	}
	wrapped, plain, err := o.concerned(ctx, t, owner, h.Type == "Create" && h.Page != "")
	if err != nil {
		return err
	}
	row := social.ID(j.ID)
	activity := o.Writer.AddToHistory(owner, t, row, body)
	if t.History == "" {
		activity = o.Writer.AnnounceActivity(owner, row, h.Type, body)
	}
	p, err := o.write(ctx, owner, activity, false, wrapped.list)
	if err != nil {
		return err
	}
	p.what = "forward"
	document, err := vocab.Encode(activity)
	if err != nil {
		return err
	}
	p.also = func(ctx context.Context, tx Tx) error {
		if t.History != "" {
			if err := tx.KeepItem(ctx, t.ID, row, string(document)); err != nil {
				return err
			}
		}
		asItIs := &plan{signer: owner.ID, activity: h.Activity, sha: h.Body, what: "forward"}
		if err := o.enqueue(ctx, tx, asItIs, plain.list, work.Deliver, work.Push); err != nil {
			return err
		}
		return o.announcePage(ctx, tx, t, owner, row, h.Page)
	}
	return o.commit(ctx, j, p)
}

// announcePage shows the post that began a conversation in a community to programs that know boosts alone.
func (o *Outbox) announcePage(ctx context.Context, tx Tx, t social.Thread, community social.Account, row social.ID, page string) error {
	if t.History != "" || page == "" {
		return nil
	}
	activity := o.Writer.AnnouncePage(community, row, page)
	followers, err := tx.RemoteFollowers(ctx, community.ID)
	if err != nil || len(followers) == 0 {
		return err
	}
	body, err := json.Marshal(activity)
	if err != nil {
		return err
	}
	sha, err := tx.PutBody(ctx, body)
	if err != nil {
		return err
	}
	var rs recipients
	for _, a := range followers {
		rs.add(a, false, rules.ForwardThreadOwner)
	}
	id, _ := activity.Get("id").(string)
	p := &plan{signer: community.ID, activity: id, sha: sha, what: "forward"}
	return o.enqueue(ctx, tx, p, rs.list, work.Deliver, work.Push)
}

// concerned are those whom the owner of t tells, wrapped, and those whose programs do not understand that. The beginning of a
// conversation reached the followers of who began it already.
func (o *Outbox) concerned(ctx context.Context, t social.Thread, owner social.Account, begins bool) (wrapped, plain recipients, err error) {
	people, err := o.Store.RemoteFollowers(ctx, owner.ID)
	if err != nil {
		return wrapped, plain, err
	}
	if t.History != "" && begins {
		return wrapped, plain, nil
	}
	more, err := o.Store.ThreadPeople(ctx, t.ID)
	if err != nil {
		return wrapped, plain, err
	}
	people = append(people, more...)
	if t.History == "" && !begins {
		root, err := o.Store.StatusByID(ctx, t.RootID)
		if err == nil && root.Local {
			more, err = o.Store.RemoteFollowers(ctx, root.AccountID)
			people = append(people, more...)
		}
		if unlessMissing(err) != nil {
			return wrapped, plain, err
		}
	}
	uris := make([]string, len(people))
	for i, a := range people {
		uris[i] = a.URI
	}
	readers, err := o.Store.Readers(ctx, uris)
	if err != nil {
		return wrapped, plain, err
	}
	for _, a := range people {
		switch {
		case t.History == "" || readers[a.URI]:
			wrapped.add(a, false, rules.ForwardThreadOwner)
		case o.Policy.CompatForward:
			plain.add(a, false, rules.ForwardUnwrapped)
		}
	}
	if !o.Policy.ThreadListeners {
		return wrapped, plain, nil
	}
	listeners, err := o.Store.Listeners(ctx, t.ID, o.Now())
	for _, l := range listeners {
		if _, told := wrapped.at[l.Inbox]; !told {
			wrapped.addInbox(l.Inbox, rules.ForwardListeners)
		}
	}
	return wrapped, plain, err
}
