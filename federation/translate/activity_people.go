package translate

import (
	"orrery/federation/vocab"
	"orrery/social"
)

// Block tells target that actor wants nothing to do with them; uri is the block's own.
func (w Writer) Block(actor, target social.Account, uri string) vocab.Object {
	return document(block(actor, target, uri))
}

func block(actor, target social.Account, uri string) vocab.Object {
	return vocab.Object{
		{Name: "id", Value: uri}, {Name: "type", Value: "Block"}, {Name: "actor", Value: actor.URI}, {Name: "object", Value: target.URI},
	}
}

// UndoBlock ends a block; id is its row.
func (w Writer) UndoBlock(actor, target social.Account, id social.ID, uri string) vocab.Object {
	return undo(actor, actor.URI+"#blocks/"+id.String()+"/undo", block(actor, target, uri))
}

// Flag reports to another server. The instance says it, so that nobody learns who complained; objects are the person
// reported, then posts.
func (w Writer) Flag(instance social.Account, uri, comment string, objects []string) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: uri},
		{Name: "type", Value: "Flag"},
		{Name: "actor", Value: instance.URI},
		{Name: "content", Value: comment},
		{Name: "object", Value: list(objects)},
	})
}

// Move tells the followers of a that its owner lives on as target; id is the move's row.
func (w Writer) Move(a, target social.Account, id social.ID) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: a.URI + "#moves/" + id.String()},
		{Name: "type", Value: "Move"},
		{Name: "target", Value: target.URI},
		{Name: "actor", Value: a.URI},
		{Name: "object", Value: a.URI},
	})
}

// DeleteActor tells everybody that a is no more.
func (w Writer) DeleteActor(a social.Account) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: a.URI + "#delete"},
		{Name: "type", Value: "Delete"},
		{Name: "actor", Value: a.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "object", Value: a.URI},
	})
}

// Pin and Unpin put a post, named by its URI, on the profile of a and take it off. They have no id.
func (w Writer) Pin(a social.Account, status string) vocab.Object {
	return document(feature("Add", a, status))
}

// Unpin takes it off again.
func (w Writer) Unpin(a social.Account, status string) vocab.Object {
	return document(feature("Remove", a, status))
}

// FeatureTag puts a hashtag on the profile of a. The target is the collection of pinned posts all the same.
func (w Writer) FeatureTag(a social.Account, tag string) vocab.Object {
	return append(hashtagContext(), feature("Add", a, w.FeaturedTag(a, tag))...)
}

// UnfeatureTag takes it off again.
func (w Writer) UnfeatureTag(a social.Account, tag string) vocab.Object {
	return append(hashtagContext(), feature("Remove", a, w.FeaturedTag(a, tag))...)
}

// FeaturedTag is a hashtag as a profile shows it: it leads to the person's own posts.
func (w Writer) FeaturedTag(a social.Account, tag string) vocab.Object {
	return vocab.Object{
		{Name: "type", Value: "Hashtag"}, {Name: "href", Value: w.URLs.TagOf(a, tag)}, {Name: "name", Value: "#" + tag},
	}
}

func hashtagContext() vocab.Object {
	return vocab.Object{{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, hashtagTerms())}}
}

func feature(kind string, a social.Account, what any) vocab.Object {
	return vocab.Object{
		{Name: "type", Value: kind}, {Name: "actor", Value: a.URI}, {Name: "target", Value: a.FeaturedURL}, {Name: "object", Value: what},
	}
}
