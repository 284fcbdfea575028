package signature

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/piprate/json-gold/ld"
)

// hashDocument is the lower-case hex SHA-256 of the URDNA2015 canonical form (spec/federation.md §6.1). doc must have
// passed guard.
func (p DocumentProfile) hashDocument(doc map[string]any) (string, error) {
	quads, err := p.canonical(doc)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(quads))
	return hex.EncodeToString(sum[:]), nil
}

// canonical returns the canonical N-Quads of doc.
func (p DocumentProfile) canonical(doc map[string]any) (quads string, err error) {
	defer recovered(&err)
	expanded, err := p.expand(detached(doc), preloaded{})
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	if quads, ok := usual(expanded); ok {
		return quads, nil
	}
	return canonicalByLibrary(expanded)
}

// canonicalByLibrary is for every document. Between the two steps of the library the dataset is guarded: the second
// cannot be interrupted.
func canonicalByLibrary(expanded []any) (string, error) {
	opts := linkedDataOptions(preloaded{})
	dataset, err := ld.NewJsonLdApi().ToRDF(expanded, opts)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	if err := guardDataset(dataset); err != nil {
		return "", err
	}
	opts.Algorithm, opts.Format = ld.AlgorithmURDNA2015, "application/n-quads"
	out, err := ld.NewJsonLdApi().Normalize(dataset, opts)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	quads, _ := out.(string)
	return quads, nil
}

// recovered turns a panic of the JSON-LD library, which trusts its input in places, into an error about the document.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = refuse("the JSON-LD processor broke on it: %v", r)
	}
}

// detached is a deep copy of doc without its signature: the library may write to what it is given. Numbers in contexts
// become float64, which is how the library compares @version.
func detached(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for key, value := range doc {
		if key != "signature" {
			out[key] = copyValue(value, key == "@context")
		}
	}
	return out
}

func copyValue(v any, inContext bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = copyValue(value, inContext || key == "@context")
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = copyValue(value, inContext)
		}
		return out
	case json.Number:
		if f, err := v.Float64(); inContext && err == nil {
			return f
		}
	}
	return v
}
