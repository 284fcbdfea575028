// Package vocab is the ActivityStreams vocabulary as far as a Mastodon speaks it: a tolerant reader of documents from
// anywhere and an ordered writer of our own.
//
// It knows neither social nor HTTP and believes nothing: whether an actor may say what a document says is decided in
// ingest and inbox. A newcomer's usual mistake is to expect a shape: every member may be absent, single or many, a string
// or an object; the accessors of Doc take all of these.
package vocab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Well-known addresses and media types.
const (
	ActivityStreams = "https://www.w3.org/ns/activitystreams"
	Security        = "https://w3id.org/security/v1"
	Public          = ActivityStreams + "#Public"
	ContentType     = "application/activity+json"
	LDContentType   = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
)

// MaxDepth is how deep a document may be nested (federation.md §14.2/54).
const MaxDepth = 100

// What Decode can find wrong.
var (
	ErrMalformed = errors.New("not JSON")
	ErrNotObject = errors.New("JSON, but not an object")
	ErrTooDeep   = errors.New("nested more than 100 levels deep")
)

// Doc is a decoded document. Numbers are json.Number, so that passing a document on does not change them.
type Doc map[string]any

// Decode reads one JSON object. Errors: ErrMalformed, ErrNotObject, ErrTooDeep.
func Decode(body []byte) (Doc, error) {
	if err := scan(body); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the document", ErrMalformed)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, ErrNotObject
	}
	return Doc(m), nil
}

// scan counts brackets outside strings, so that nothing deep is ever built. Inside strings it refuses NUL, as Mastodon's
// database does: such an activity is dropped (federation.md §14.2/55).
func scan(body []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			if i++; bytes.HasPrefix(body[i:], []byte("u0000")) {
				return fmt.Errorf("%w: a string holds NUL", ErrMalformed)
			}
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return ErrTooDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// The accessors below take a member in every form in which JSON-LD lets it come. Witnesses: one thing in place of a list
// (tag in fixtures/synthetic/pleroma-2.6/note_one_tag.json, to in friendica-2024.03/note_direct.json beside it), a list in
// place of one (attributedTo in peertube-6/video.json, icon in peertube-6/person.json), an embedded object in place of its id
// (attributedTo in peertube-6/video.json). A type may come as a list too (federation.md §3.5); no recording has one.

// String is the member as a string; "" when it is anything else.
func (d Doc) String(name string) string {
	s, _ := d[name].(string)
	return s
}

// Object is the member as an object, or the first object of an array; nil when there is none.
func (d Doc) Object(name string) Doc { return asDoc(d[name]) }

func asDoc(v any) Doc {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		for _, x := range v {
			if m, ok := x.(map[string]any); ok {
				return m
			}
		}
	}
	return nil
}

// List is the member as a list: an array as it is, anything else but null as a list of one.
func (d Doc) List(name string) []any {
	switch v := d[name].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// Ref is the member as a reference: a string, or the id of an object, or the first of an array of these.
func (d Doc) Ref(name string) string {
	for _, v := range d.List(name) {
		if id := RefOf(v); id != "" {
			return id
		}
	}
	return ""
}

// Refs are all references of the member, in order.
func (d Doc) Refs(name string) []string {
	var out []string
	for _, v := range d.List(name) {
		if id := RefOf(v); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// RefOf is v as a reference: itself, or its id.
func RefOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		s, _ := v["id"].(string)
		return s
	}
	return ""
}

// Bool is the member as a boolean; anything but true is false.
func (d Doc) Bool(name string) bool {
	b, _ := d[name].(bool)
	return b
}

// Count is the member as a number of things, not negative.
func (d Doc) Count(name string) int64 {
	n, _ := d[name].(json.Number)
	i, err := n.Int64()
	if err != nil || i < 0 {
		return 0
	}
	return i
}

// Is reports whether the type of d is t, or one of its types.
func (d Doc) Is(t string) bool {
	for _, v := range d.List("type") {
		if v == t {
			return true
		}
	}
	return false
}

// SpeaksActivityStreams reports whether @context is, or contains, the ActivityStreams address (federation.md §4.0). Alone it
// comes in fixtures/synthetic/bookwyrm-0.7/delete.json.
func (d Doc) SpeaksActivityStreams() bool {
	for _, v := range d.List("@context") {
		if v == ActivityStreams {
			return true
		}
	}
	return false
}
