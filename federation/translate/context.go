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

// contextOf writes @context as Mastodon does: the named contexts, then one object with the terms that the document needs; a
// bare string when there is only one and nothing else (federation.md §2.2, §2.4).
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

// webFinger is the named context of an actor's own handle (FEP-2c59).
const webFinger = "https://purl.archive.org/socialweb/webfinger"

// actorContexts are the named contexts of an actor document.
func (w Writer) actorContexts() []string {
	if w.current() {
		return []string{vocab.ActivityStreams, vocab.Security, webFinger}
	}
	return []string{vocab.ActivityStreams, vocab.Security}
}

// actorTerms are the terms of every actor document; those of its tags and pictures come after them.
func (w Writer) actorTerms() []term {
	terms := []term{
		{"manuallyApprovesFollowers", "as:manuallyApprovesFollowers"},
		toot,
		{"featured", id("toot:featured")},
		{"featuredTags", id("toot:featuredTags")},
		{"alsoKnownAs", id("as:alsoKnownAs")},
		{"movedTo", id("as:movedTo")},
		{"schema", "http://schema.org#"},
		{"PropertyValue", "schema:PropertyValue"},
		{"value", "schema:value"},
		{"discoverable", "toot:discoverable"},
	}
	if !w.current() {
		return append(terms, term{"devices", id("toot:devices")}, term{"suspended", "toot:suspended"})
	}
	terms = append(terms,
		term{"suspended", "toot:suspended"},
		term{"memorial", "toot:memorial"},
		term{"indexable", "toot:indexable"},
		term{"attributionDomains", vocab.Object{{Name: "@id", Value: "toot:attributionDomains"}, {Name: "@container", Value: "@set"}}},
		term{"showFeatured", "toot:showFeatured"},
		term{"showMedia", "toot:showMedia"},
		term{"showRepliesInMedia", "toot:showRepliesInMedia"},
		term{"featuredCollections", id("https://w3id.org/fep/7aa9#featuredCollections")},
	)
	return append(terms, policyTerms()...)
}

// noteTerms are the terms of every note; those of its attachments and tags come after them.
func (w Writer) noteTerms() []term {
	terms := []term{
		ostatus,
		atomURI,
		{"inReplyToAtomUri", "ostatus:inReplyToAtomUri"},
		{"conversation", "ostatus:conversation"},
		{"sensitive", "as:sensitive"},
		toot,
		{"votersCount", "toot:votersCount"},
	}
	if w.Approvals {
		terms = append(terms, choiceTerms()...)
	}
	if !w.current() {
		return terms
	}
	terms = append(terms,
		term{"quote", id("https://w3id.org/fep/044f#quote")},
		term{"quoteUri", "http://fedibird.com/ns#quoteUri"},
		term{"_misskey_quote", "https://misskey-hub.net/ns#_misskey_quote"},
		term{"quoteAuthorization", id("https://w3id.org/fep/044f#quoteAuthorization")},
	)
	return append(terms, policyTerms()...)
}

// policyTerms say who may do what with a post or a profile (FEP-044f, FEP-7aa9).
func policyTerms() []term {
	return []term{
		{"gts", "https://gotosocial.org/ns#"},
		{"interactionPolicy", id("gts:interactionPolicy")},
		{"canFeature", id("https://w3id.org/fep/7aa9#canFeature")},
		{"canQuote", id("gts:canQuote")},
		{"automaticApproval", id("gts:automaticApproval")},
		{"manualApproval", id("gts:manualApproval")},
	}
}

var (
	toot    = term{"toot", "http://joinmastodon.org/ns#"}
	ostatus = term{"ostatus", "http://ostatus.org#"}
	atomURI = term{"atomUri", "ostatus:atomUri"}
)

func atomTerms() []term { return []term{ostatus, atomURI} }

func attachmentTerms() []term {
	return []term{
		toot,
		{"blurhash", "toot:blurhash"},
		{"focalPoint", vocab.Object{{Name: "@container", Value: "@list"}, {Name: "@id", Value: "toot:focalPoint"}}},
	}
}

func emojiTerms() []term { return []term{toot, {"Emoji", "toot:Emoji"}} }

func hashtagTerms() []term { return []term{{"Hashtag", "as:Hashtag"}} }
