package vocab

import "strings"

// Quote is what a post says of the post that it shows inside; the zero Quote says nothing.
type Quote struct {
	URI           string
	Authorization string // where the quoted author's consent lies, "" when none is named
	Legacy        bool   // said only in words that are older than consent
	Gone          bool   // what it quoted was deleted: a Tombstone stands in its place; URI is "" then
}

// Permission is one line of an interactionPolicy: addresses of those who may, and of those who must ask.
type Permission struct{ Automatic, Manual []string }

// maxPermitted bounds what one post may list.
const maxPermitted = 100

// readQuote reads FEP-044f's member, else those of older software: Misskey's, Fedibird's, Pleroma's, and the link of FEP-e232.
func readQuote(doc Doc) Quote {
	if doc.Object("quote").Is("Tombstone") {
		return Quote{Gone: true}
	}
	if uri := doc.Ref("quote"); uri != "" {
		return Quote{URI: uri, Authorization: doc.Ref("quoteAuthorization")}
	}
	for _, name := range []string{"_misskey_quote", "quoteUrl", "quoteUri"} {
		if uri := doc.String(name); uri != "" {
			return Quote{URI: uri, Legacy: true}
		}
	}
	for i, v := range doc.List("tag") {
		if i >= maxTags {
			break
		}
		link, ok := v.(map[string]any)
		if !ok || !Doc(link).Is("Link") || !activityLink(Doc(link).String("mediaType")) || !quoting(Doc(link)) {
			continue
		}
		return Quote{URI: Doc(link).String("href"), Legacy: true}
	}
	return Quote{}
}

func activityLink(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/activity+json") || strings.HasPrefix(mediaType, "application/ld+json")
}

// quoting reports whether an object link stands for a quote: it says so, or says nothing of what it stands for.
func quoting(link Doc) bool {
	rels := link.Refs("rel")
	for _, rel := range rels {
		if rel == "https://misskey-hub.net/ns#_misskey_quote" || rel == "https://w3id.org/fep/044f#quote" || rel == "http://fedibird.com/ns#quoteUri" {
			return true
		}
	}
	return len(rels) == 0
}

// readPermission reads one line. The first words for it were "always" and "approvalRequired" (GoToSocial up to 0.19).
func readPermission(doc Doc, name string) *Permission {
	line := doc.Object("interactionPolicy").Object(name)
	if len(line) == 0 {
		return nil
	}
	p := &Permission{Automatic: append(line.Refs("automaticApproval"), line.Refs("always")...), Manual: append(line.Refs("manualApproval"), line.Refs("approvalRequired")...)}
	p.Automatic, p.Manual = p.Automatic[:min(len(p.Automatic), maxPermitted)], p.Manual[:min(len(p.Manual), maxPermitted)]
	return p
}
