package signature

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// What a document may cost before anything is computed with it. Real activities stay far below: a Create with four
// attachments and a poll has some 30 anonymous objects and 400 values.
const (
	maxDocument    = 1 << 20
	maxDepth       = 64
	maxAnonymous   = 64
	maxValues      = 2048
	maxContextURLs = 32
	maxTerms       = 1024
)

// guardState counts while a document is walked once.
type guardState struct{ bytes, anonymous, values, contexts, terms int }

// guard refuses documents that would make JSON-LD processing expensive or ambiguous. What expands to blank nodes by a
// detour (an alias of @id, a reference) is caught later by guardDataset.
func guard(doc map[string]any) error {
	var g guardState
	return g.object(doc, 1)
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrGuard, fmt.Sprintf(format, args...))
}

func (g *guardState) object(o map[string]any, depth int) error {
	named := false
	for key, value := range o {
		g.bytes += len(key)
		switch key {
		case "id", "@id":
			named = true
			if s, ok := value.(string); ok && strings.HasPrefix(s, "_:") {
				return refuse("it names a blank node (%q); give the object an URL, or no id", clip(s))
			}
		case "@graph", "@included", "@reverse":
			return refuse("it contains %s, which can make a part of what was signed the whole", key)
		case "@context":
			if err := g.context(value, 1); err != nil {
				return err
			}
			continue
		}
		if err := g.value(value, depth+1); err != nil {
			return err
		}
	}
	if !named {
		if g.anonymous++; g.anonymous > maxAnonymous {
			return refuse("it has more than %d objects without an id", maxAnonymous)
		}
	}
	return nil
}

func (g *guardState) value(v any, depth int) error {
	if g.values++; g.values > maxValues {
		return refuse("it has more than %d values", maxValues)
	}
	switch v := v.(type) {
	case map[string]any:
		if depth > maxDepth {
			return refuse("it is nested more than %d deep", maxDepth)
		}
		return g.object(v, depth)
	case []any:
		if depth > maxDepth {
			return refuse("it is nested more than %d deep", maxDepth)
		}
		for _, item := range v {
			if err := g.value(item, depth+1); err != nil {
				return err
			}
		}
	case string:
		if g.bytes += len(v); g.bytes > maxDocument {
			return refuse("it is larger than %d bytes", maxDocument)
		}
	case json.Number:
		// json-gold would take a number it cannot convert for a string and panic.
		if _, err := v.Float64(); err != nil {
			return refuse("the number %q is out of range", clip(v.String()))
		}
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return refuse("a number is not finite")
		}
	case bool, nil:
	default:
		return refuse("%T is not a JSON value", v)
	}
	return nil
}

// context counts what a context makes the processor do. Every URL is a whole context to be applied again.
func (g *guardState) context(c any, depth int) error {
	if depth > 4 {
		return refuse("a context is nested more than 4 deep")
	}
	switch c := c.(type) {
	case nil, bool, json.Number, float64:
	case string:
		g.bytes += len(c)
		if g.contexts++; g.contexts > maxContextURLs {
			return refuse("it names more than %d contexts", maxContextURLs)
		}
	case []any:
		for _, item := range c {
			if err := g.context(item, depth+1); err != nil {
				return err
			}
		}
		if g.terms++; g.terms > maxTerms {
			return refuse("it defines more than %d terms", maxTerms)
		}
	case map[string]any:
		return g.termDefinitions(c)
	default:
		return refuse("%T is not a JSON value", c)
	}
	return nil
}

// termDefinitions takes flat definitions only: scoped and imported contexts are processed again for every use.
func (g *guardState) termDefinitions(c map[string]any) error {
	if g.contexts++; g.contexts > maxContextURLs {
		return refuse("it names more than %d contexts", maxContextURLs)
	}
	if g.terms += len(c); g.terms > maxTerms {
		return refuse("it defines more than %d terms", maxTerms)
	}
	for term, definition := range c {
		g.bytes += len(term)
		if term == "@import" || term == "@context" {
			return refuse("its context uses %s", term)
		}
		members, ok := definition.(map[string]any)
		if !ok {
			if s, ok := definition.(string); ok {
				g.bytes += len(s)
			}
			continue
		}
		if len(members) > 8 {
			return refuse("the definition of %q has more than 8 members", clip(term))
		}
		if _, ok := members["@context"]; ok {
			return refuse("the definition of %q has a context of its own", clip(term))
		}
	}
	return nil
}
