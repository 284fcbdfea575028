package signature

import (
	"net/http"
	"sort"
	"strings"
)

// Field is one header line, as it stood on the wire.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Request is what a verifier sees. It is judged as it arrived, so nothing in it may have been decoded or reordered.
type Request struct {
	Method string
	// Host is the Host header; Scheme is "http" or "https" as the instance is reached from outside.
	Host   string
	Scheme string
	// Target is the raw origin-form target, query included, with its percent signs untouched.
	Target string
	Header []Field
	Body   []byte
}

// FromHTTP copies r and its body into a Request. net/http keeps no header order, so names are sorted.
// scheme is used when r.URL does not say it, as for a request that arrived.
func FromHTTP(r *http.Request, body []byte, scheme string) Request {
	out := Request{Method: r.Method, Host: hostOf(r), Scheme: scheme, Target: r.URL.RequestURI(), Body: body}
	if r.RequestURI != "" {
		out.Target = r.RequestURI
	}
	if r.URL.Scheme != "" {
		out.Scheme = r.URL.Scheme
	}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, v := range r.Header[name] {
			out.Header = append(out.Header, Field{name, v})
		}
	}
	return out
}

func hostOf(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// Value returns the header of that name, whatever its case; several lines are joined with ", " as RFC 9110 §5.2 says.
// Host is answered from Request.Host when no line says it.
func (r Request) Value(name string) (value string, present bool) {
	var b strings.Builder
	for _, f := range r.Header {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		if present {
			b.WriteString(", ")
		}
		b.WriteString(strings.Trim(f.Value, " \t"))
		present = true
	}
	if !present && strings.EqualFold(name, "host") && r.Host != "" {
		return r.Host, true
	}
	return b.String(), present
}

// path and query split the raw target at its first question mark; query has none.
func (r Request) path() string {
	p, _, _ := strings.Cut(r.Target, "?")
	return p
}

func (r Request) query() (string, bool) {
	_, q, ok := strings.Cut(r.Target, "?")
	return q, ok
}
