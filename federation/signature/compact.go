package signature

import (
	"fmt"
	"sync"

	"github.com/piprate/json-gold/ld"
)

// fullContext is what a profile compacts documents against: named contexts, then one object with every term it knows.
func (p DocumentProfile) fullContext() []any {
	return append(append([]any(nil), p.contexts...), copyValue(map[string]any(embedded()[p.terms]), false))
}

// fullContexts are the full contexts as the library needs them, by file of terms. Parsing one takes three times as
// long as compacting a Note, so it is done once; GetInverse is called here because the library fills it on first use,
// and afterwards only reads. -race over TestForwardingSafety watches that.
var fullContexts = sync.OnceValues(func() (map[string]*ld.Context, error) {
	out := map[string]*ld.Context{}
	for _, p := range []DocumentProfile{Documents41(), DocumentsCurrent()} {
		parsed, err := ld.NewContext(nil, linkedDataOptions(preloaded{strict: true})).Parse(p.fullContext())
		if err != nil {
			return nil, fmt.Errorf("parse the full context of %s: %w", p.Name, err)
		}
		parsed.GetInverse()
		out[p.terms] = parsed
	}
	return out, nil
})

// Compact rewrites doc in the terms of the profile (spec/federation.md §2.4), which is what must be processed after a
// document signature was verified: members that no context defines are gone, members this profile has no term for are
// named by their URL. The signature member is carried over as it was. doc is not changed.
func Compact(doc map[string]any, p DocumentProfile) (compacted map[string]any, err error) {
	defer recovered(&err)
	body := detached(doc)
	if err := guard(body); err != nil {
		return nil, err
	}
	if compacted, err = compactBody(body, p); err != nil {
		return nil, fmt.Errorf("compact a document: %w: %w", ErrDocumentInvalid, err)
	}
	// A context can give @graph another name, so what matters is what is there after compaction.
	if found := turned(compacted); found != "" {
		return nil, refuse("it contains %s, which can make a part of what was signed the whole", found)
	}
	if s, ok := doc["signature"]; ok {
		compacted["signature"] = copyValue(s, false)
	}
	return compacted, nil
}

// compactBody is the compaction algorithm of JSON-LD 1.1 with its last step: several top-level objects become @graph.
func compactBody(body map[string]any, p DocumentProfile) (map[string]any, error) {
	contexts, err := fullContexts()
	if err != nil {
		return nil, err
	}
	context, ok := contexts[p.terms]
	if !ok {
		return nil, fmt.Errorf("profile %q has no full context; start from Documents41 or DocumentsCurrent", p.Name)
	}
	expanded, err := p.expand(body, preloaded{strict: true})
	if err != nil {
		return nil, err
	}
	result, err := ld.NewJsonLdApi().Compact(context, "", withoutUnsigned(expanded), true)
	if err != nil {
		return nil, err
	}
	out, ok := result.(map[string]any)
	if list, isList := result.([]any); isList && len(list) == 0 {
		out = map[string]any{}
	} else if !ok {
		out = map[string]any{"@graph": result}
	}
	out["@context"] = p.fullContext()
	return out, nil
}

// turned finds a keyword by which the same statements can be told from another of their subjects, "" when there is none. The
// boost inside a signed Undo would so become a signed boost. Mastodon refuses them since 4.5.
func turned(v any) string {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch key {
			case "@graph", "@included", "@reverse":
				return key
			case "@context":
				continue
			}
			if found := turned(value); found != "" {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := turned(item); found != "" {
				return found
			}
		}
	}
	return ""
}
