package signature

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/piprate/json-gold/ld"
)

// expand is the expansion algorithm of JSON-LD. It writes to doc, which must be detached. A context that most documents
// of one program share is read once and then kept: reading it takes ten times as long as the rest.
func (p DocumentProfile) expand(doc map[string]any, l preloaded) ([]any, error) {
	context := p.parsed.context(doc["@context"], l)
	if context == nil {
		return ld.NewJsonLdProcessor().Expand(doc, linkedDataOptions(l))
	}
	delete(doc, "@context")
	expanded, err := ld.NewJsonLdApi().Expand(context, "", doc, linkedDataOptions(l), false, nil)
	if err != nil {
		return nil, err
	}
	// The end of the algorithm: a lone @graph is unwrapped, and there is always an array.
	switch e := expanded.(type) {
	case nil:
		return []any{}, nil
	case []any:
		return e, nil
	case map[string]any:
		if graph, ok := e["@graph"].([]any); ok && len(e) == 1 {
			return graph, nil
		}
		if len(e) == 0 {
			return []any{}, nil
		}
	}
	return []any{expanded}, nil
}

const (
	maxParsed    = 64      // contexts kept; one takes 60 KB
	maxParsedKey = 4 << 10 // bytes of @context; the longest in the fixtures has 2,000
)

// parsedContexts keeps contexts as the library needs them, by how they are written. The library only reads them while it
// expands. Safe for concurrent use; nil keeps nothing.
type parsedContexts struct {
	mu   sync.Mutex
	have map[string]*ld.Context
}

// context is what a document's @context says, nil when the library must read it itself: because it is not sure that it
// would come to the same beforehand, or because it is broken and the library knows why.
func (c *parsedContexts) context(written any, l preloaded) *ld.Context {
	if c == nil || !selfContained(written) {
		return nil
	}
	raw, err := json.Marshal(written) // with sorted keys
	if err != nil || len(raw) > maxParsedKey {
		return nil
	}
	key := string(raw)
	if l.strict {
		key = "strict " + key
	}
	c.mu.Lock()
	have := c.have[key]
	c.mu.Unlock()
	if have != nil {
		return have
	}
	parsed, err := ld.NewContext(nil, linkedDataOptions(l)).Parse(written)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.have == nil || len(c.have) >= maxParsed {
		c.have = map[string]*ld.Context{} // whoever sends many kinds of contexts only makes us read them again
	}
	c.have[key] = parsed
	return parsed
}

// selfContained reports whether a context means the same whether it is read before the document or with it: known
// names and plain terms. Keywords can reach out of it.
func selfContained(written any) bool {
	switch c := written.(type) {
	case string:
		_, known := contextFile(c)
		return known
	case []any:
		for _, item := range c {
			if _, list := item.([]any); list || !selfContained(item) {
				return false
			}
		}
		return len(c) > 0
	case map[string]any:
		for term := range c {
			if term == "" || strings.HasPrefix(term, "@") && term != "@language" {
				return false
			}
		}
		return true
	}
	return false
}
