package translate

import (
	"slices"
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
	Form policy.Form      // the zero value writes as Mastodon 4.1
	Now  func() time.Time // says which polls are over; nil: none
	// Owners says who owns the conversations that begin here.
	Owners policy.Owners
	// AddressesAnswered puts whom a reply answers among those it is addressed to.
	AddressesAnswered bool
	// Approvals writes who may answer a post: with RepliesFollowers only followers of its author and who is named.
	Approvals, RepliesFollowers bool
}

func (w Writer) current() bool { return w.Form == policy.FormCurrent }

// Actor is the actor document of a local account, in Mastodon's order (federation.md §2.2). Of one that is suspended only
// the addresses remain. Its emojis and whom it moved to must have been loaded (social.Reader.Dress).
func (w Writer) Actor(a social.Account) vocab.Object {
	if a.ID == social.InstanceActorID {
		return w.instanceActor(a)
	}
	if a.Suspended() {
		a = emptied(a)
	}
	o := vocab.Object{{Name: "@context", Value: w.actorContext(a)}, {Name: "id", Value: a.URI}}
	if w.current() {
		o = o.With("webfinger", a.Username+"@"+w.URLs.Host())
	}
	o = append(o, vocab.Object{
		{Name: "type", Value: actorType(a)},
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
	o = w.profile(o, a)
	o = append(o, vocab.Object{
		{Name: "publicKey", Value: key(a)},
		{Name: "tag", Value: w.profileTags(a)},
		{Name: "attachment", Value: w.fields(a)},
		{Name: "endpoints", Value: vocab.Object{{Name: "sharedInbox", Value: a.SharedInboxURL}}},
	}...)
	o = w.generator(o)
	if a.AvatarKey != "" {
		o = o.With("icon", w.Image(a.AvatarKey, a.AvatarDescription))
	}
	if a.HeaderKey != "" {
		o = o.With("image", w.Image(a.HeaderKey, a.HeaderDescription))
	}
	return o
}

// profile adds the members in which the two forms differ, and those that only some accounts have.
func (w Writer) profile(o vocab.Object, a social.Account) vocab.Object {
	published := vocab.Stamp(a.CreatedAt.UTC().Truncate(24 * time.Hour))
	if w.current() {
		o = append(o, vocab.Object{
			{Name: "indexable", Value: a.Indexable},
			{Name: "published", Value: published},
			{Name: "memorial", Value: a.Memorial},
			{Name: "showFeatured", Value: !a.HideFeatured},
			{Name: "showMedia", Value: !a.HideMedia},
			{Name: "showRepliesInMedia", Value: !a.HideMediaReplies},
			{Name: "interactionPolicy", Value: vocab.Object{{Name: "canFeature", Value: approval(featurers(a))}}},
			{Name: "featuredCollections", Value: w.URLs.FeaturedCollections(a)},
		}...)
	} else {
		o = o.With("published", published).With("devices", a.URI+"/collections/devices")
	}
	if a.Moved != nil {
		o = o.With("movedTo", a.Moved.URI)
	}
	if len(a.AlsoKnownAs) > 0 {
		o = o.With("alsoKnownAs", a.AlsoKnownAs)
	}
	if a.Suspended() {
		o = o.With("suspended", true)
	}
	if w.current() && len(a.AttributionDomains) > 0 {
		o = o.With("attributionDomains", a.AttributionDomains)
	}
	return o
}

// actorType is the type that other servers know a's kind by: programs are services.
func actorType(a social.Account) string {
	switch {
	case a.Bot():
		return "Service"
	case a.Group():
		return "Group"
	}
	return "Person"
}

// emptied is a without what it says of itself.
func emptied(a social.Account) social.Account {
	a.DisplayName, a.Note, a.Fields, a.Emojis = "", "", nil, nil
	a.Locked, a.Discoverable, a.Indexable, a.Memorial = false, false, false, false
	a.AvatarKey, a.HeaderKey = "", ""
	a.Moved, a.AlsoKnownAs, a.AttributionDomains = nil, nil, nil
	return a
}

func (w Writer) actorContext(a social.Account) any {
	terms := [][]term{w.actorTerms()}
	if len(a.Emojis) > 0 {
		terms = append(terms, emojiTerms())
	}
	if len(hashtags(a.Note)) > 0 {
		terms = append(terms, hashtagTerms())
	}
	return contextOf(w.actorContexts(), terms...)
}

// profileTags are the emojis of all texts, then the hashtags of the bio.
func (w Writer) profileTags(a social.Account) []any {
	tags := []any{}
	for _, e := range a.Emojis {
		tags = append(tags, w.Emoji(e))
	}
	for _, name := range hashtags(a.Note) {
		tags = append(tags, w.hashtag(name))
	}
	return tags
}

// hashtags are those of a local text, normalised, each once, in order.
func hashtags(text string) []string {
	var names []string
	for _, e := range richtext.Scan(text) {
		if e.Kind == richtext.Hashtag && !slices.Contains(names, e.Normalized) {
			names = append(names, e.Normalized)
		}
	}
	return names
}

// fields is the table of a profile. Links in it are the person's own, and mentions say where somebody lives.
func (w Writer) fields(a social.Account) []any {
	rows := []any{}
	for _, f := range a.Fields {
		value := richtext.Format(f.Value, richtext.Options{
			Version: w.Text, Origin: w.URLs.Origin, SingleLine: true, RelMe: true, WithDomains: true,
		})
		rows = append(rows, vocab.Object{{Name: "type", Value: "PropertyValue"}, {Name: "name", Value: f.Name}, {Name: "value", Value: value}})
	}
	return rows
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

// Key is the document of a key that has an address of its own: its owner, without a profile.
func (w Writer) Key(a social.Account) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams, vocab.Security})},
		{Name: "id", Value: a.URI},
		{Name: "type", Value: actorType(a)},
		{Name: "preferredUsername", Value: a.Username},
		{Name: "publicKey", Value: key(a)},
	}
}

// How much of a remote profile is kept, in characters (federation.md §2.5, §12.3).
const (
	maxName  = 2048
	maxField = 2047
)

// Account is what is kept of a remote actor but for its keys, which ingest proves first. domain is the proved domain of its handle; now is when it was read.
func Account(v vocab.Actor, domain string, now time.Time) social.Account {
	a := social.Account{
		Username: v.PreferredUsername, Domain: domain, URI: v.ID, URL: v.URL, ActorType: v.Type,
		DisplayName: cutRunes(v.Name, maxName), Note: cut(v.Summary, 20<<10), Locked: v.ManuallyApprovesFollowers, Discoverable: v.Discoverable,
		InboxURL: v.Inbox, SharedInboxURL: v.SharedInbox, OutboxURL: v.Outbox,
		FollowersURL: v.Followers, FollowingURL: v.Following, FeaturedURL: v.Featured,
		FeaturedTagsURL: v.FeaturedTags, AvatarURL: httpOrEmpty(v.Icon), HeaderURL: httpOrEmpty(v.Image),
		AvatarDescription: cutRunes(v.IconText, social.MaxDescription), HeaderDescription: cutRunes(v.ImageText, social.MaxDescription),
		AlsoKnownAs: v.AlsoKnownAs, AttributionDomains: v.AttributionDomains, Indexable: v.Indexable, Memorial: v.Memorial,
		HideMedia: v.HidesMedia, HideMediaReplies: v.HidesMediaReplies, HideFeatured: v.HidesFeatured,
		CreatedAt: v.Published, FetchedAt: now,
	}
	for _, f := range v.Fields {
		a.Fields = append(a.Fields, social.Field{Name: cutRunes(f.Name, maxField), Value: cutRunes(f.Value, maxField)})
	}
	if a.CreatedAt.IsZero() || a.CreatedAt.After(now) {
		a.CreatedAt = now
	}
	if v.Suspended {
		a.SuspendedAt, a.SuspensionOrigin = now, social.OriginRemote
	}
	if !SameHost(a.URL, a.URI) {
		a.URL = a.URI // a page on another host proves nothing (federation.md §2.5)
	}
	return a
}
