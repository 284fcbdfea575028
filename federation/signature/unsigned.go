package signature

import (
	"strings"

	"github.com/piprate/json-gold/ld"
)

// withoutUnsigned removes from an expanded document what never reaches the canonical form, so no document signature
// covers it: objects, references and types whose name is no absolute IRI, or an http IRI the library does not take for
// a URL. A member that loses all it had goes too, which makes the document unsafe to forward.
func withoutUnsigned(list []any) []any {
	out := make([]any, 0, len(list))
	for _, item := range list {
		switch item := item.(type) {
		case map[string]any:
			if pruneNode(item) {
				out = append(out, item)
			}
		case []any:
			out = append(out, withoutUnsigned(item))
		default:
			out = append(out, item)
		}
	}
	return out
}

// pruneNode cleans one object of an expanded document and reports whether anything of it is signed.
func pruneNode(node map[string]any) bool {
	if _, literal := node["@value"]; literal {
		return true
	}
	if id, ok := node["@id"].(string); ok && !canBeSigned(id) {
		return false
	}
	for key, value := range node {
		switch value := value.(type) {
		case []any:
			kept := withoutUnsigned(value)
			if key == "@type" {
				kept = signedTypes(value)
			}
			if node[key] = kept; len(kept) == 0 && len(value) > 0 {
				delete(node, key)
			}
		case map[string]any:
			if !pruneNode(value) {
				delete(node, key)
			}
		}
	}
	return true
}

func signedTypes(types []any) []any {
	var out []any
	for _, t := range types {
		if name, ok := t.(string); ok && canBeSigned(name) {
			out = append(out, t)
		}
	}
	return out
}

// canBeSigned says whether the library keeps statements about this name when it makes RDF.
func canBeSigned(iri string) bool {
	if strings.HasPrefix(iri, "http://") || strings.HasPrefix(iri, "https://") {
		return isURL(iri)
	}
	return ld.IsAbsoluteIri(iri)
}
