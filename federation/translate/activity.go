package translate

import (
	"strconv"
	"time"

	"orrery/federation/vocab"
	"orrery/social"
)

// Create announces a new status; Announce a boost. Both are served at the status' /activity address.
func (w Writer) Create(v social.StatusView, replies Replies) vocab.Object {
	to, cc := w.addresses(v)
	return vocab.Object{
		{Name: "@context", Value: w.NoteContext(v)},
		{Name: "id", Value: v.Status.URI + "/activity"},
		{Name: "type", Value: "Create"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "published", Value: vocab.Stamp(v.Status.CreatedAt)},
		{Name: "to", Value: list(to)},
		{Name: "cc", Value: list(cc)},
		{Name: "object", Value: w.Note(v, replies)},
	}
}

// Announce tells of a boost. The boost's own URI is the activity's (federation.md §2.1).
func (w Writer) Announce(v social.StatusView) vocab.Object {
	o := vocab.Object{{Name: "@context", Value: vocab.ActivityStreams}}
	if v.Boost.Status.Visibility == social.Private && v.Boost.Author.ID == v.Author.ID {
		o[0].Value = w.NoteContext(*v.Boost)
		return append(o, announce(v).With("object", w.Note(*v.Boost, Replies{}))...) // nobody else could fetch it
	}
	return append(o, announce(v).With("object", v.Boost.Status.URI)...)
}

// announce is all but the object.
func announce(v social.StatusView) vocab.Object {
	to, cc := Addresses(v)
	return vocab.Object{
		{Name: "id", Value: v.Status.URI},
		{Name: "type", Value: "Announce"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "published", Value: vocab.Stamp(v.Status.CreatedAt)},
		{Name: "to", Value: list(to)},
		{Name: "cc", Value: list(cc)},
	}
}

// UndoAnnounce takes a boost back; the boosted post is only named, whatever it was (federation.md §3.4).
func (w Writer) UndoAnnounce(v social.StatusView) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: v.Author.URI + "#announces/" + v.Status.ID.String() + "/undo"},
		{Name: "type", Value: "Undo"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "object", Value: announce(v).With("object", v.Boost.Status.URI)},
	}
}

// Delete takes a status back. It is addressed to everybody, whatever the status was (federation.md §3.4).
func (w Writer) Delete(author social.Account, s social.Status) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, atomTerms())},
		{Name: "id", Value: s.URI + "#delete"},
		{Name: "type", Value: "Delete"},
		{Name: "actor", Value: author.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "object", Value: vocab.Object{
			{Name: "id", Value: s.URI},
			{Name: "type", Value: "Tombstone"},
			{Name: "atomUri", Value: s.URI},
		}},
	}
}

// UpdateNote tells that a status was changed, when it was changed last; the whole note stands in it.
func (w Writer) UpdateNote(v social.StatusView, replies Replies) vocab.Object {
	to, cc := w.addresses(v)
	return vocab.Object{
		{Name: "@context", Value: w.NoteContext(v)},
		{Name: "id", Value: v.Status.URI + "#updates/" + strconv.FormatInt(v.Status.EditedAt.Unix(), 10)},
		{Name: "type", Value: "Update"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "published", Value: vocab.Stamp(v.Status.EditedAt)},
		{Name: "to", Value: list(to)},
		{Name: "cc", Value: list(cc)},
		{Name: "object", Value: w.Note(v, replies)},
	}
}

// UpdateActor tells that a changed their profile at the time at: the whole actor document once more (federation.md §3.4).
func (w Writer) UpdateActor(a social.Account, at time.Time) vocab.Object {
	doc := w.Actor(a)
	return vocab.Object{
		doc[0], // its context
		{Name: "id", Value: a.URI + "#updates/" + strconv.FormatInt(at.Unix(), 10)},
		{Name: "type", Value: "Update"},
		{Name: "actor", Value: a.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "object", Value: doc[1:]},
	}
}

// Follow asks to follow; uri is the follow's own.
func (w Writer) Follow(follower, target social.Account, uri string) vocab.Object {
	return document(follow(follower.URI, target.URI, uri))
}

func follow(follower, target, uri string) vocab.Object {
	return vocab.Object{
		{Name: "id", Value: uri}, {Name: "type", Value: "Follow"}, {Name: "actor", Value: follower}, {Name: "object", Value: target},
	}
}

// UndoFollow ends a follow. id is the follow's row; 0, when there is none, leaves the number out as Mastodon does.
func (w Writer) UndoFollow(follower, target social.Account, id social.ID, uri string) vocab.Object {
	return undo(follower, follower.URI+"#follows/"+number(id)+"/undo", follow(follower.URI, target.URI, uri))
}

// AcceptFollow and RejectFollow answer a follow that came with the id uri. id is the follow's row; 0, when there is none,
// leaves the number out as Mastodon does.
func (w Writer) AcceptFollow(target, follower social.Account, id social.ID, uri string) vocab.Object {
	return answer("Accept", "#accepts/follows/", target, follower, id, uri)
}

// RejectFollow refuses a follow or ends it.
func (w Writer) RejectFollow(target, follower social.Account, id social.ID, uri string) vocab.Object {
	return answer("Reject", "#rejects/follows/", target, follower, id, uri)
}

func answer(kind, fragment string, target, follower social.Account, id social.ID, uri string) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: target.URI + fragment + number(id)},
		{Name: "type", Value: kind},
		{Name: "actor", Value: target.URI},
		{Name: "object", Value: follow(follower.URI, target.URI, uri)},
	}
}

func number(id social.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

func undo(actor social.Account, id string, object vocab.Object) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: id},
		{Name: "type", Value: "Undo"},
		{Name: "actor", Value: actor.URI},
		{Name: "object", Value: object},
	}
}
