package signature

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// statement is one line of N-Quads: its three terms as they are written. Blank nodes are "_:" and a number until they
// have their canonical names.
type statement struct{ subject, predicate, object string }

func (s statement) line(name func(term string) string) string {
	return name(s.subject) + " " + s.predicate + " " + name(s.object) + " .\n"
}

// statements gathers what an expanded document of the usual shape states: objects, references, lists, texts, dates,
// truth values and numbers. Everything else, such as graphs, is left to the library.
type statements struct {
	list   []statement
	blanks int
}

// usual is the canonical form (URDNA2015) of an expanded document of the usual shape, the same that the library finds in
// ten times the time. ok is false when the document is of another one.
// TestUsualDocumentsAreCanonicalAsTheLibrarySays and FuzzCanonical hold the two together.
func usual(expanded []any) (quads string, ok bool) {
	var s statements
	for _, item := range expanded {
		node, isNode := item.(map[string]any)
		if !isNode {
			return "", false
		}
		if _, ok := s.node(node); !ok {
			return "", false
		}
	}
	names, ok := s.names()
	if !ok {
		return "", false
	}
	lines := make([]string, len(s.list))
	for i, each := range s.list {
		lines[i] = each.line(func(term string) string { return cmp.Or(names[term], term) })
	}
	slices.Sort(lines)
	if len(slices.Compact(slices.Clone(lines))) != len(lines) || len(lines) > maxDatasetQuads {
		return "", false // said twice: what the library does then depends on how it was said
	}
	return strings.Join(lines, ""), true
}

// node gathers what is said about one object and returns its name.
func (s *statements) node(node map[string]any) (name string, ok bool) {
	if id, named := node["@id"]; named {
		text, _ := id.(string)
		if name, ok = iri(text); !ok {
			return "", false
		}
	} else {
		name = s.blank()
	}
	for property, value := range node {
		values, isList := value.([]any)
		switch {
		case property == "@id":
			continue
		case !isList:
			return "", false
		case property == "@type":
			property = ld.RDFType
		}
		predicate, ok := iri(property)
		if !ok {
			return "", false
		}
		for _, v := range values {
			object, ok := s.object(v, property)
			if !ok {
				return "", false
			}
			s.list = append(s.list, statement{name, predicate, object})
		}
	}
	return name, true
}

// object is a value of property as it is written.
func (s *statements) object(v any, property string) (text string, ok bool) {
	switch v := v.(type) {
	case string: // only types are texts
		if property != ld.RDFType {
			return "", false
		}
		return iri(v)
	case map[string]any:
		if value, ok := v["@value"]; ok {
			return literal(value, v)
		}
		if items, ok := v["@list"].([]any); ok && len(v) == 1 {
			return s.chain(items)
		}
		return s.node(v)
	}
	return "", false
}

// chain gathers a list, a blank node for each item that leads to the next, and returns the name of the first.
func (s *statements) chain(items []any) (name string, ok bool) {
	name = "<" + ld.RDFNil + ">"
	for _, item := range slices.Backward(items) {
		object, ok := s.object(item, ld.RDFFirst)
		if !ok {
			return "", false
		}
		link := s.blank()
		s.list = append(s.list, statement{link, "<" + ld.RDFFirst + ">", object}, statement{link, "<" + ld.RDFRest + ">", name})
		name = link
	}
	return name, true
}

// blank is a new blank node.
func (s *statements) blank() string {
	s.blanks++
	return "_:" + strconv.Itoa(s.blanks)
}

// literal writes value, which has the other members of about beside it.
func literal(value any, about map[string]any) (string, bool) {
	datatype, typed := "", false
	for key, v := range about {
		switch key {
		case "@value":
		case "@type":
			if datatype, typed = v.(string); !typed {
				return "", false
			}
		case "@language":
			tag, _ := v.(string)
			text, isText := value.(string)
			if len(about) != 2 || !isText || !isLanguage(tag) {
				return "", false
			}
			return `"` + escaper.Replace(text) + `"@` + tag, true
		default:
			return "", false
		}
	}
	text := ""
	switch value := value.(type) {
	case string:
		if text = value; !typed {
			datatype = ld.XSDString
		}
	case bool:
		if text = strconv.FormatBool(value); !typed {
			datatype = ld.XSDBoolean
		}
	case json.Number:
		n, err := value.Float64()
		if err != nil {
			return "", false
		}
		text, datatype = number(n, datatype)
	case float64:
		text, datatype = number(value, datatype)
	default:
		return "", false
	}
	if datatype == ld.XSDString {
		return `"` + escaper.Replace(text) + `"`, true
	}
	if datatype == ld.RDFLangString {
		return "", false
	}
	written, ok := iri(datatype)
	return `"` + escaper.Replace(text) + `"^^` + written, ok
}

// number writes a number as its type wants it, and says which type it has when it has none: a whole number is an integer,
// however it was written.
func number(n float64, datatype string) (text, of string) {
	if n != float64(int64(n)) || datatype == ld.XSDDouble {
		return ld.GetCanonicalDouble(n), cmp.Or(datatype, ld.XSDDouble)
	}
	return strconv.FormatInt(int64(n), 10), cmp.Or(datatype, ld.XSDInteger)
}

// escaper is how the library writes texts in N-Quads.
var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// iri writes an http address; false when it is no ordinary one.
func iri(address string) (string, bool) {
	if !ordinary(address) {
		return "", false
	}
	return "<" + address + ">", true
}

// isLanguage takes the tags that people use; the library takes more.
func isLanguage(tag string) bool {
	for _, part := range strings.Split(tag, "-") {
		if part == "" || strings.Trim(part, letters) != "" {
			return false
		}
	}
	return true
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// names gives blank nodes their canonical names, by the hash of what is said about each; false when the same is said of
// two, which takes the long algorithm.
func (s *statements) names() (map[string]string, bool) {
	if s.blanks == 0 {
		return nil, true
	}
	if s.blanks > maxBlankNodes {
		return nil, false
	}
	about := map[string][]string{}
	for _, each := range s.list {
		for _, self := range []string{each.subject, each.object} {
			if strings.HasPrefix(self, "_:") {
				about[self] = append(about[self], each.line(func(term string) string {
					switch {
					case term == self:
						return "_:a"
					case strings.HasPrefix(term, "_:"):
						return "_:z"
					}
					return term
				}))
			}
		}
	}
	byHash, hashes := map[string]string{}, []string{}
	for blank, lines := range about {
		slices.Sort(lines)
		hash := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, ""))))
		if byHash[hash] != "" {
			return nil, false
		}
		byHash[hash] = blank
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	names := map[string]string{}
	for i, hash := range hashes {
		names[byHash[hash]] = "_:c14n" + strconv.Itoa(i)
	}
	return names, true
}
