package translate

import (
	"orrery/federation/vocab"
	"orrery/social"
)

// FollowPublic asks a relay to pass on what is public: a Follow of the public collection (federation.md §8.4).
func (w Writer) FollowPublic(instance social.Account, uri string) vocab.Object {
	return document(follow(instance.URI, vocab.Public, uri))
}

// UndoFollowPublic ends it. Its id hangs on the follow's, which is random.
func (w Writer) UndoFollowPublic(instance social.Account, uri string) vocab.Object {
	return undo(instance, uri+"#undo", follow(instance.URI, vocab.Public, uri))
}
