package inbox

import (
	"context"
	"errors"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// create brings in a post (federation.md §4.1).
type create struct{ *Inbox }

func (h create) need(ctx context.Context, a *Activity) (rules.ID, error) {
	doc := a.ObjectDoc
	if doc == nil {
		var err error
		var drop rules.ID
		if doc, drop, err = h.dereference(ctx, a); err != nil || drop != "" {
			return drop, err
		}
	}
	a.Note = vocab.ReadNote(doc)
	if a.Note.History == "" && (a.Carrier == nil || a.owner != nil) { // no context of ours has the word, so it is lost in compacting
		a.Note.History = a.original.Object("object").Ref("contextHistory")
	}
	switch {
	case a.Note.Type == "":
		return rules.DropUnsupportedObj, nil
	case !translate.SameHost(a.Actor.URI, a.Note.ID):
		return rules.OriginMismatch, nil
	}
	return h.find(ctx, a)
}

// find looks up what a's post needs.
func (h create) find(ctx context.Context, a *Activity) (drop rules.ID, err error) {
	if h.URLs.IsLocal(a.Note.InReplyTo) {
		h.passable(a)
	}
	a.Needed, err = h.Ingest.NeedNote(ctx, a.Note)
	return "", err
}

// dereference fetches an object that is only named, on the actor's own host, signed as whoever it is for.
func (in *Inbox) dereference(ctx context.Context, a *Activity) (vocab.Doc, rules.ID, error) {
	switch {
	case a.Object == "":
		return nil, rules.DropNoObject, nil
	case !translate.SameHost(a.Actor.URI, a.Object):
		return nil, rules.DropUnsupportedObj, nil
	}
	reader, err := in.reader(ctx, a)
	if err != nil {
		return nil, "", err
	}
	rule := rules.FetchObject
	if a.elsewhere {
		rule = rules.FetchCarried
	}
	doc, err := in.Ingest.Document(ctx, a.Object, reader, rule)
	if err == nil && a.elsewhere && doc.Ref("attributedTo") != a.Actor.URI {
		return nil, rules.OriginNotTheAuthor, nil
	}
	if err == nil || errors.Is(err, fetch.ErrUnreachable) {
		return doc, "", err
	}
	return nil, rules.DropUnknownObject, nil
}

// reader is the person here on whose behalf something of a's actor is fetched: the inbox's owner, somebody addressed, a
// follower, else the instance.
func (in *Inbox) reader(ctx context.Context, a *Activity) (social.ID, error) {
	if a.Personal != nil {
		return a.Personal.ID, nil
	}
	people, err := in.Store.AccountsByURI(ctx, append(append([]string(nil), a.To...), a.Cc...))
	if err != nil {
		return 0, err
	}
	for _, uri := range append(append([]string(nil), a.To...), a.Cc...) {
		if p, ok := people[uri]; ok && p.Local() {
			return p.ID, nil
		}
	}
	return in.follower(ctx, a.Actor.ID)
}

// follower is the first local follower of account, else the instance actor.
func (in *Inbox) follower(ctx context.Context, account social.ID) (social.ID, error) {
	followers, err := in.Store.LocalFollowers(ctx, account)
	if err != nil || len(followers) == 0 {
		return social.InstanceActorID, err
	}
	return followers[0], nil
}

func (h create) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if err := h.Ingest.RefreshQuietly(ctx, tx, a.Actor); err != nil {
		return ingest.Outcome{}, err
	}
	arr := ingest.Arrival{How: rules.LearnDelivered, Carrier: a.Carrier, Personal: a.Personal, To: a.To, Cc: a.Cc, Fetched: a.elsewhere}
	if a.Carrier != nil {
		arr.How = rules.LearnForwarded
	}
	if a.owner != nil {
		arr.How, arr.HandedOn = rules.LearnHandedOn, true
	}
	out, err := h.Ingest.ApplyNote(ctx, tx, a.Note, a.Actor, arr, a.Needed)
	if err != nil || !out.New || !out.Status.Reply() {
		return out, err
	}
	return out, h.passOn(ctx, tx, a, out)
}

// passOn forwards a new reply to the followers of the local author it answers (federation.md §7).
func (h create) passOn(ctx context.Context, tx ingest.Tx, a *Activity, out ingest.Outcome) error {
	kept := policy.Kept{
		Type: "Create", Visibility: policy.Visibility(out.Status.Visibility), Signed: a.signed, Unsafe: a.unsafe != "",
		ParentLocal: out.Parent != nil && out.Parent.Local,
	}
	if !kept.ParentLocal {
		return h.forward(ctx, tx, a, kept, nil, out.Status.URI)
	}
	return h.forward(ctx, tx, a, kept, []social.ID{out.Parent.AccountID}, out.Status.URI)
}

// forward asks the policy and leaves the forwarding to jobs, to the followers of each of carriers, of whom the first
// signs.
func (in *Inbox) forward(ctx context.Context, tx ingest.Tx, a *Activity, kept policy.Kept, carriers []social.ID, object string) error {
	d := in.Policy.Forward(kept)
	if d.Yes && !in.Policy.Forwarding {
		d = policy.Decision{Rule: rules.ForwardOff}
	}
	if !d.Yes {
		in.Observer.Observe(ctx, observe.Skipped{Rule: d.Rule, What: "forward", Target: object})
		return nil
	}
	sha, err := tx.PutBody(ctx, a.forwarded)
	if err != nil {
		return err
	}
	f := work.Forwarding{Body: sha, Except: a.Actor.PreferredInbox(), Rule: d.Rule, Activity: a.ID, Object: object, Low: kept.Type != "Create"}
	for _, c := range carriers {
		f.Carriers = append(f.Carriers, int64(c))
	}
	return work.Enqueue(ctx, tx, work.Forward, work.Push, a.Actor.URI, in.Now(), f)
}

// refreshLater leaves an actor to be read again.
func (in *Inbox) refreshLater(ctx context.Context, tx ingest.Tx, uri string) error {
	in.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchActorAgain, What: "fetch", Target: uri})
	return work.Enqueue(ctx, tx, work.Refresh, work.Pull, uri, in.Now(), work.One{URI: uri})
}
