package translate

import (
	"encoding/json"
	"slices"
	"strings"

	"orrery/federation/policy"
	"orrery/federation/vocab"
	"orrery/social"
	"orrery/social/richtext"
)

// containers is the capability by which a program says that it understands histories of conversations (FEP-844e, FEP-171b).
const containers = vocab.Containers

// owned adds to the note of v what says who owns its conversation: the community, or the address of the history.
func (w Writer) owned(o vocab.Object, v social.StatusView) vocab.Object {
	switch {
	case v.Thread == nil:
		return o
	case v.Thread.History != "":
		return o.With("contextHistory", v.Thread.History)
	}
	if v.Thread.RootID == v.Status.ID {
		o = o.With("name", richtext.Excerpt(v.Status.Content, 100))
	}
	return o.With("audience", v.Thread.Owner)
}

// inCommunity adds the community to whom v is addressed.
func inCommunity(v social.StatusView, to []string) []string {
	if v.Thread == nil || v.Thread.History != "" || !v.Status.Visibility.Distributable() || slices.Contains(to, v.Thread.Owner) {
		return to
	}
	return append([]string{v.Thread.Owner}, to...)
}

// generator is what an actor's program understands.
func (w Writer) generator(o vocab.Object) vocab.Object {
	if w.Owners != policy.OwnedByBeginner {
		return o
	}
	return o.With("generator", vocab.Object{
		{Name: "type", Value: "Application"},
		{Name: "implements", Value: []vocab.Object{{{Name: "href", Value: containers}, {Name: "name", Value: "FEP-171b: Conversation Containers"}}}},
	})
}

// AddToHistory hands on an activity, as it is, in the history of the conversation t; id is the row of what is handed on.
func (w Writer) AddToHistory(owner social.Account, t social.Thread, id social.ID, activity []byte) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: owner.URI + "#adds/" + id.String()},
		{Name: "type", Value: "Add"},
		{Name: "actor", Value: owner.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "cc", Value: []string{owner.FollowersURL}},
		{Name: "object", Value: json.RawMessage(activity)},
		{Name: "target", Value: vocab.Object{
			{Name: "type", Value: "OrderedCollection"}, {Name: "id", Value: t.History}, {Name: "attributedTo", Value: owner.URI},
		}},
	})
}

// AnnounceActivity hands on an activity, as it is, to all who follow a community; kind is the activity's type.
func (w Writer) AnnounceActivity(community social.Account, id social.ID, kind string, activity []byte) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: w.URLs.Origin + "/activities/announce/" + strings.ToLower(kind) + "/" + id.String()},
		{Name: "type", Value: "Announce"},
		{Name: "actor", Value: community.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "cc", Value: []string{community.FollowersURL}},
		{Name: "object", Value: json.RawMessage(activity)},
	})
}

// AnnouncePage shows a post that began a conversation to programs that know boosts alone.
func (w Writer) AnnouncePage(community social.Account, id social.ID, page string) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: w.URLs.Origin + "/activities/announce/page/" + id.String()},
		{Name: "type", Value: "Announce"},
		{Name: "actor", Value: community.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "cc", Value: []string{community.FollowersURL}},
		{Name: "object", Value: page},
	})
}

// HistoryOf is the list of what the owner of t handed on, oldest first.
func (w Writer) HistoryOf(owner social.Account, t social.Thread, items []string) vocab.Object {
	list := make([]json.RawMessage, len(items))
	for i, item := range items {
		list[i] = json.RawMessage(item)
	}
	return document(vocab.Object{
		{Name: "id", Value: t.History},
		{Name: "type", Value: "OrderedCollection"},
		{Name: "attributedTo", Value: owner.URI},
		{Name: "collectionOf", Value: "Activity"},
		{Name: "totalItems", Value: len(items)},
		{Name: "orderedItems", Value: list},
	})
}
