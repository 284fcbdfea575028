package signature

import (
	"reflect"
	"strings"
)

// Plain reports whether Compact cannot change how doc reads, so that its cost can be spared: every member and type is a
// term of Activity Streams or the security context, or one of the profile's own that the document defines as the profile
// does, and everything that is an address is written out. A document of which that is not sure is not plain.
func (p DocumentProfile) Plain(doc map[string]any) bool {
	own, ok := plainContext(doc["@context"])
	if !ok {
		return false
	}
	return plainTerms{base: strictTerms(), profile: embedded()[p.terms], own: own}.object(doc, 0)
}

// plainContext gathers what doc defines itself; false when it builds upon contexts other than the two usual ones.
func plainContext(context any) (own map[string]any, ok bool) {
	list, isList := context.([]any)
	if !isList {
		list = []any{context}
	}
	own = map[string]any{}
	speaks := false
	for _, c := range list {
		switch c := c.(type) {
		case string:
			speaks = speaks || c == activityStreams
			if c != activityStreams && c != securityV1 {
				return nil, false
			}
		case map[string]any:
			for term, definition := range c {
				if _, twice := own[term]; twice {
					return nil, false
				}
				own[term] = definition
			}
		default:
			return nil, false
		}
	}
	return own, speaks
}

func strictTerms() map[string]any {
	terms, _ := embedded()[strictActivityStreams]["@context"].(map[string]any)
	return terms
}

type plainTerms struct{ base, profile, own map[string]any }

// references are the members whose values are addresses; compaction drops those that are none.
var references = map[string]bool{
	"id": true, "actor": true, "object": true, "target": true, "to": true, "cc": true, "bto": true, "bcc": true, "audience": true,
	"attributedTo": true, "inReplyTo": true, "url": true, "href": true, "inbox": true, "outbox": true, "followers": true,
	"following": true, "partOf": true, "first": true, "next": true, "replies": true, "icon": true, "image": true,
}

func (t plainTerms) object(o map[string]any, depth int) bool {
	if depth > maxDepth {
		return false
	}
	for name, v := range o {
		switch name {
		case "@context":
			if depth > 0 {
				return false
			}
			continue
		case "signature":
			if depth == 0 {
				continue
			}
		case "type":
			if s, ok := v.(string); !ok || !t.knows(s) {
				return false
			}
			continue
		}
		if name != "id" && !t.knows(name) || !t.value(name, v, depth+1) {
			return false
		}
	}
	return true
}

func (t plainTerms) value(name string, v any, depth int) bool {
	switch v := v.(type) {
	case map[string]any:
		if strings.HasSuffix(name, "Map") { // languages, not terms
			return true
		}
		return t.object(v, depth)
	case []any:
		for _, item := range v {
			if !t.value(name, item, depth) {
				return false
			}
		}
	case string:
		return !references[name] || strings.HasPrefix(v, "https://") || strings.HasPrefix(v, "http://")
	}
	return true
}

// knows reports whether term means in the document what it means in the profile.
func (t plainTerms) knows(term string) bool {
	definition, defined := t.own[term]
	if _, ok := t.base[term]; ok {
		return !defined || reflect.DeepEqual(definition, t.base[term]) || reflect.DeepEqual(definition, t.profile[term])
	}
	want, ok := t.profile[term]
	if !ok || !defined || !reflect.DeepEqual(definition, want) {
		return false
	}
	iri, _ := want.(string)
	if m, ok := want.(map[string]any); ok {
		iri, _ = m["@id"].(string)
	}
	prefix, _, short := strings.Cut(iri, ":")
	if !short || strings.HasPrefix(iri, "http") {
		return true
	}
	own, redefined := t.own[prefix]
	if prefix == "as" {
		return !redefined
	}
	return redefined && reflect.DeepEqual(own, t.profile[prefix])
}
