package translate

import (
	"slices"

	"orrery/federation/vocab"
	"orrery/social"
)

// Liking is what some programs say in a like beyond who likes what; the zero value is Mastodon's way.
type Liking struct {
	To, Cc []string // Pleroma
	Emoji  string   // Misskey
}

// LikeAddresses are to and cc of a like of v by actor as Pleroma writes them: the followers of who likes and the author, then
// whoever else the post was addressed to. What is not for everybody is liked before its author alone (federation.md §13.3.6).
func LikeAddresses(actor social.Account, v social.StatusView) (to, cc []string) {
	to = []string{v.Author.URI}
	if !v.Status.Visibility.Distributable() {
		return to, nil
	}
	to = append([]string{actor.FollowersURL}, to...)
	first, second := Addresses(v)
	for _, uri := range append(first, second...) {
		if uri != actor.URI && uri != v.Author.FollowersURL && !slices.Contains(to, uri) {
			cc = append(cc, uri)
		}
	}
	return to, cc
}

// Like tells of a like of a status; id is the like's row.
func (w Writer) Like(actor social.Account, id social.ID, status string, how Liking) vocab.Object {
	return document(like(actor, id, status, how))
}

func like(actor social.Account, id social.ID, status string, how Liking) vocab.Object {
	o := vocab.Object{
		{Name: "id", Value: actor.URI + "#likes/" + id.String()},
		{Name: "type", Value: "Like"},
		{Name: "actor", Value: actor.URI},
		{Name: "object", Value: status},
	}
	if how.Emoji != "" {
		o = o.With("content", how.Emoji).With("_misskey_reaction", how.Emoji)
	}
	if how.To != nil {
		o = o.With("to", how.To).With("cc", list(how.Cc))
	}
	return o
}

// UndoLike takes a like back. It is addressed like the like.
func (w Writer) UndoLike(actor social.Account, id social.ID, status string, how Liking) vocab.Object {
	o := undo(actor, actor.URI+"#likes/"+id.String()+"/undo", like(actor, id, status, how))
	if how.To != nil {
		o = o.With("to", how.To).With("cc", list(how.Cc))
	}
	return o
}
