// Package translate turns what social knows into ActivityStreams documents and back. Its functions are pure: everything
// they need is passed in, so each is proved by a golden file.
//
// It decides nothing: who may see a document is settled before, what to do with one that arrived is settled in ingest and
// inbox. A newcomer's usual mistake is to compute a URI here; URIs are minted once and stored.
package translate

import (
	"orrery/federation/vocab"
)

// term is one definition in the extension object of a JSON-LD context.
type term struct {
	name  string
	value any
}

func id(of string) vocab.Object {
	return vocab.Object{{Name: "@id", Value: of}, {Name: "@type", Value: "@id"}}
}

// contextOf writes @context as Mastodon 4.1 does: the named contexts, then one object with the terms that the document
// needs; a bare string when there is only one and nothing else (federation.md §2.2, §2.4).
func contextOf(named []string, terms ...[]term) any {
	var ext vocab.Object
	for _, group := range terms {
		for _, t := range group {
			if ext.Get(t.name) == nil {
				ext = append(ext, vocab.Member{Name: t.name, Value: t.value})
			}
		}
	}
	if len(ext) == 0 && len(named) == 1 {
		return named[0]
	}
	all := make([]any, 0, len(named)+1)
	for _, n := range named {
		all = append(all, n)
	}
	if len(ext) > 0 {
		all = append(all, ext)
	}
	return all
}

func actorTerms() []term {
	return []term{
		{"manuallyApprovesFollowers", "as:manuallyApprovesFollowers"},
		{"toot", "http://joinmastodon.org/ns#"},
		{"featured", vocab.Object{{Name: "@id", Value: "toot:featured"}, {Name: "@type", Value: "@id"}}},
		{"featuredTags", vocab.Object{{Name: "@id", Value: "toot:featuredTags"}, {Name: "@type", Value: "@id"}}},
		{"alsoKnownAs", id("as:alsoKnownAs")},
		{"movedTo", id("as:movedTo")},
		{"schema", "http://schema.org#"},
		{"PropertyValue", "schema:PropertyValue"},
		{"value", "schema:value"},
		{"discoverable", "toot:discoverable"},
	}
}

func noteTerms() []term {
	return []term{
		{"ostatus", "http://ostatus.org#"},
		{"atomUri", "ostatus:atomUri"},
		{"inReplyToAtomUri", "ostatus:inReplyToAtomUri"},
		{"conversation", "ostatus:conversation"},
		{"sensitive", "as:sensitive"},
		{"toot", "http://joinmastodon.org/ns#"},
		{"votersCount", "toot:votersCount"},
	}
}

func atomTerms() []term {
	return []term{{"ostatus", "http://ostatus.org#"}, {"atomUri", "ostatus:atomUri"}}
}

func hashtagTerms() []term { return []term{{"Hashtag", "as:Hashtag"}} }
