package signature

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

const (
	publicURI   = activityStreams + "#Public"
	publicShort = "as:Public"
)

// Forwardable decides whether compacted may be passed on in place of original (spec/federation.md §6.4): it must read
// the same for software that knows no JSON-LD. patched is compacted with single-element arrays and the public collection
// put back as the author wrote them; why names the first member that reads differently when ok is false, and then the
// document is processed but its signature must be dropped. Neither argument is changed.
func Forwardable(original, compacted map[string]any) (patched map[string]any, ok bool, why string) {
	patched = copyValue(compacted, false).(map[string]any)
	patchObject(original, patched)
	why = differs(original, patched, "")
	return patched, why == "", why
}

// CheckForwardable is Forwardable as an error, for callers that log rules.
func CheckForwardable(original, compacted map[string]any) (map[string]any, error) {
	patched, ok, why := Forwardable(original, compacted)
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrUnsafeToForward, why)
	}
	return patched, nil
}

// patchObject undoes what compaction does to arrays and to the public collection.
func patchObject(original, compacted map[string]any) {
	for key, value := range original {
		have, ok := compacted[key]
		if !ok || value == nil || key == "@context" || key == "signature" {
			continue
		}
		compacted[key] = patchValue(value, have)
	}
}

func patchValue(original, compacted any) any {
	switch o := original.(type) {
	case map[string]any:
		if c, ok := compacted.(map[string]any); ok {
			patchObject(o, c)
		}
	case []any:
		list, ok := compacted.([]any)
		if !ok {
			list = []any{compacted}
		}
		if len(list) != len(o) {
			return compacted
		}
		for i := range o {
			list[i] = patchValue(o[i], list[i])
		}
		return list
	case string:
		if o == publicURI && compacted == publicShort {
			return o
		}
	}
	return compacted
}

// differs returns the path of the first member (by name) of original that compacted shows otherwise, with what happened to it.
func differs(original, compacted map[string]any, path string) string {
	for _, key := range slices.Sorted(maps.Keys(original)) {
		value := original[key]
		if key == "@context" || key == "signature" {
			continue
		}
		have, present := compacted[key]
		if value != nil && !present {
			return path + key + " is unknown to this server's vocabulary and would be lost or renamed"
		}
		if why := unlike(value, have, path+key); why != "" {
			return why
		}
	}
	return ""
}

func unlike(original, compacted any, path string) string {
	switch o := original.(type) {
	case map[string]any:
		if c, ok := compacted.(map[string]any); ok {
			return differs(o, c, path+".")
		}
		return path + " would no longer be an object"
	case []any:
		c, ok := compacted.([]any)
		if !ok || len(c) != len(o) {
			return path + " would have another number of entries"
		}
		for i := range o {
			if why := unlike(o[i], c[i], fmt.Sprintf("%s[%d]", path, i)); why != "" {
				return why
			}
		}
		return ""
	}
	if !sameScalar(original, compacted) {
		return path + " would have another value"
	}
	return ""
}

// sameScalar compares numbers by what they say, as 1 and 1.0 differ for some readers: the written form must be kept.
func sameScalar(a, b any) bool {
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	if n, ok := a.(json.Number); ok {
		m, ok := b.(json.Number)
		return ok && n == m
	}
	return a == b
}
