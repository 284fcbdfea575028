package activitylog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"
)

const publicIRI = "https://www.w3.org/ns/activitystreams#Public"

// Summarize reads what lists show from a body, leniently: anything unreadable leaves fields empty. It believes nothing.
func Summarize(body []byte) Summary {
	var doc map[string]any
	if len(body) == 0 || len(body) > MaxBody || json.Unmarshal(body, &doc) != nil {
		return Summary{}
	}
	return SummaryOf(doc)
}

// SummaryOf is Summarize for a body that has been decoded.
func SummaryOf(doc map[string]any) Summary {
	s := Summary{
		ID: word(doc["id"]), Type: word(doc["type"]), Actor: ref(doc["actor"]),
		To: refs(doc["to"]), Cc: refs(doc["cc"]),
	}
	object, ok := doc["object"].(map[string]any)
	if !ok {
		s.Object = ref(doc["object"])
		return s.cut()
	}
	s.Object, s.ObjectType = word(object["id"]), word(object["type"])
	s.InReplyTo = ref(object["inReplyTo"])
	if s.ObjectType != "" && object["object"] != nil && s.Type == "Undo" {
		s.InReplyTo = ""
	}
	if s.public() {
		s.Excerpt = strings.ToValidUTF8(word(object["content"]), "")
	}
	return s.cut()
}

// summaries remembers what was read lately: one document goes to many inboxes.
type summaries struct {
	mu sync.Mutex
	m  map[string]Summary // by SHA-256
}

const maxSummaries = 64

func (r *summaries) of(c Content) Summary {
	r.mu.Lock()
	s, known := r.m[c.SHA256]
	r.mu.Unlock()
	if known {
		return s
	}
	s = Summarize(c.Bytes)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.m == nil || len(r.m) >= maxSummaries {
		r.m = map[string]Summary{}
	}
	r.m[c.SHA256] = s
	return s
}

func (s Summary) public() bool {
	for _, to := range append(append([]string(nil), s.To...), s.Cc...) {
		if to == publicIRI || to == "as:Public" || to == "Public" {
			return true
		}
	}
	return false
}

// cut bounds every field: summaries are for lists, bodies are kept elsewhere.
func (s Summary) cut() Summary {
	const long = 2048
	for _, f := range []*string{&s.ID, &s.Type, &s.Actor, &s.Object, &s.ObjectType, &s.InReplyTo} {
		if len(*f) > long {
			*f = strings.ToValidUTF8((*f)[:long], "")
		}
		*f = strings.ReplaceAll(*f, "\x00", "")
	}
	if len(s.Excerpt) > 600 {
		s.Excerpt = strings.ToValidUTF8(s.Excerpt[:600], "")
	}
	s.Excerpt = strings.ReplaceAll(s.Excerpt, "\x00", "")
	s.To, s.Cc = s.To[:min(len(s.To), 50)], s.Cc[:min(len(s.Cc), 50)]
	return s
}

// word reads a string, or the first of an array when that is one.
func word(v any) string {
	if many, ok := v.([]any); ok && len(many) > 0 {
		v = many[0]
	}
	s, _ := v.(string)
	return s
}

// ref reads a URI, or the id of an object, or the first of an array of either.
func ref(v any) string {
	if rs := refs(v); len(rs) > 0 {
		return rs[0]
	}
	return ""
}

func refs(v any) []string {
	many, ok := v.([]any)
	if !ok {
		many = []any{v}
	}
	var out []string
	for _, m := range many {
		if o, ok := m.(map[string]any); ok {
			m = o["id"]
		}
		if s, ok := m.(string); ok && s != "" {
			out = append(out, s)
		}
	}
	return out
}

// PairOf names one request so that both sides of it, within a lab, compute the same: method, host, target and what makes
// the request unique, its signature and date.
func PairOf(method, host, target string, header []Field) string {
	h := sha256.New()
	for _, s := range []string{method, strings.ToLower(host), target, value(header, "Signature"), value(header, "Date")} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func value(header []Field, name string) string {
	for _, f := range header {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
