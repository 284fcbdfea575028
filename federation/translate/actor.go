package translate

import (
	"time"

	"orrery/federation/policy"
	"orrery/federation/vocab"
	"orrery/social"
	"orrery/social/richtext"
)

// Writer writes the documents of one instance.
type Writer struct {
	URLs social.URLs
	Text richtext.Version
	Form policy.Form // the zero value writes as Mastodon 4.1
}

func (w Writer) current() bool { return w.Form == policy.FormCurrent }

// Actor is the actor document of a local account, in Mastodon's order (federation.md §2.2).
func (w Writer) Actor(a social.Account) vocab.Object {
	if a.ID == social.InstanceActorID {
		return w.instanceActor(a)
	}
	o := vocab.Object{
		{Name: "@context", Value: contextOf(w.actorContexts(), w.actorTerms())},
		{Name: "id", Value: a.URI},
	}
	if w.current() {
		o = o.With("webfinger", a.Username+"@"+w.URLs.Host())
	}
	o = append(o, vocab.Object{
		{Name: "type", Value: a.ActorType},
		{Name: "following", Value: a.FollowingURL},
		{Name: "followers", Value: a.FollowersURL},
		{Name: "inbox", Value: a.InboxURL},
		{Name: "outbox", Value: a.OutboxURL},
		{Name: "featured", Value: a.FeaturedURL},
		{Name: "featuredTags", Value: a.URI + "/collections/tags"},
		{Name: "preferredUsername", Value: a.Username},
		{Name: "name", Value: a.Name()},
		{Name: "summary", Value: richtext.Format(a.Note, richtext.Options{Version: w.Text, Origin: w.URLs.Origin})},
		{Name: "url", Value: a.URL},
		{Name: "manuallyApprovesFollowers", Value: a.Locked},
		{Name: "discoverable", Value: a.Discoverable},
	}...)
	published := vocab.Stamp(a.CreatedAt.UTC().Truncate(24 * time.Hour))
	if w.current() {
		o = append(o, vocab.Object{
			{Name: "indexable", Value: false},
			{Name: "published", Value: published},
			{Name: "memorial", Value: false},
			{Name: "showFeatured", Value: true},
			{Name: "showMedia", Value: true},
			{Name: "showRepliesInMedia", Value: true},
			{Name: "interactionPolicy", Value: vocab.Object{{Name: "canFeature", Value: approval(featurers(a))}}},
			{Name: "featuredCollections", Value: w.URLs.FeaturedCollections(a)},
		}...)
	} else {
		o = append(o, vocab.Object{
			{Name: "published", Value: published},
			{Name: "devices", Value: a.URI + "/collections/devices"},
		}...)
	}
	return append(o, vocab.Object{
		{Name: "publicKey", Value: key(a)},
		{Name: "tag", Value: []any{}},
		{Name: "attachment", Value: []any{}},
		{Name: "endpoints", Value: vocab.Object{{Name: "sharedInbox", Value: a.SharedInboxURL}}},
	}...)
}

// featurers are who may put a into a collection of accounts without asking.
func featurers(a social.Account) string {
	switch {
	case !a.Discoverable:
		return a.URI
	case a.Locked:
		return a.FollowersURL
	}
	return vocab.Public
}

// instanceActor has only the members of federation.md §1.6.
func (w Writer) instanceActor(a social.Account) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams, vocab.Security}, w.actorTerms()[:1])},
		{Name: "id", Value: a.URI},
		{Name: "type", Value: a.ActorType},
		{Name: "inbox", Value: a.InboxURL},
		{Name: "outbox", Value: a.OutboxURL},
		{Name: "preferredUsername", Value: a.Username},
		{Name: "url", Value: a.URL},
		{Name: "manuallyApprovesFollowers", Value: true},
		{Name: "publicKey", Value: key(a)},
		{Name: "endpoints", Value: vocab.Object{{Name: "sharedInbox", Value: a.SharedInboxURL}}},
	}
}

func key(a social.Account) vocab.Object {
	return vocab.Object{
		{Name: "id", Value: a.KeyID},
		{Name: "owner", Value: a.URI},
		{Name: "publicKeyPem", Value: a.PublicKeyPEM},
	}
}

// Account is what is kept of a remote actor. domain is the proved domain of its handle; now is when it was read.
func Account(v vocab.Actor, domain string, now time.Time) social.Account {
	a := social.Account{
		Username: v.PreferredUsername, Domain: domain, URI: v.ID, URL: v.URL, ActorType: v.Type,
		DisplayName: cut(v.Name, 2048), Note: cut(v.Summary, 20<<10), Locked: v.ManuallyApprovesFollowers, Discoverable: v.Discoverable,
		InboxURL: v.Inbox, SharedInboxURL: v.SharedInbox, OutboxURL: v.Outbox,
		FollowersURL: v.Followers, FollowingURL: v.Following, FeaturedURL: v.Featured,
		AvatarURL: v.Icon, HeaderURL: v.Image, CreatedAt: v.Published, FetchedAt: now,
	}
	if a.CreatedAt.IsZero() || a.CreatedAt.After(now) {
		a.CreatedAt = now
	}
	if !SameHost(a.URL, a.URI) {
		a.URL = a.URI // a page on another host proves nothing (federation.md §2.5)
	}
	if k, ok := Key(v); ok {
		a.KeyID, a.PublicKeyPEM = k.ID, k.PEM
	}
	return a
}

// Key is the first key of v that is its own. A key id on another host would take that host's signatures for this actor's
// (federation.md §2.5).
func Key(v vocab.Actor) (vocab.Key, bool) {
	for _, k := range v.Keys {
		if k.Owner == v.ID && k.PEM != "" && SameHost(k.ID, v.ID) {
			return k, true
		}
	}
	return vocab.Key{}, false
}
