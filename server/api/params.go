package api

import (
	"encoding/json"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// params are the parameters of a request, from wherever they came: query, form, multipart, JSON (behaviours.md §2). Names
// have no "[]" at the end; nested ones read "a[b]", members of arrays of objects "a[0][b]". Values are valid UTF-8
// without NUL, which PostgreSQL refuses.
type params map[string][]string

// Bounds of what is read. Bodies are bounded by the server.
const (
	maxValues = 1000
	maxNested = 8
)

// readParams merges query and body; a name in the body replaces the same name in the query.
func readParams(c *fiber.Ctx) (params, error) {
	p, body := params{}, params{}
	asked, sent := members{}, members{}
	c.Context().QueryArgs().VisitAll(func(name, value []byte) { p.add(asked.name(p, string(name)), string(value)) })
	kind, _, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	switch {
	case kind == fiber.MIMEApplicationForm:
		c.Context().PostArgs().VisitAll(func(name, value []byte) { body.add(sent.name(body, string(name)), string(value)) })
	case kind == fiber.MIMEMultipartForm:
		form, err := c.MultipartForm()
		if err != nil {
			return nil, malformed("The multipart form cannot be read: send it with its boundary and its end.")
		}
		for name, values := range form.Value {
			for i, value := range values { // of arrays of objects, the nth value of each name is the nth object's
				body.add(strings.Replace(name, "[][", "["+strconv.Itoa(i)+"][", 1), value)
			}
		}
	case kind == fiber.MIMEApplicationJSON || strings.HasSuffix(kind, "+json"):
		if err := body.addJSON(c.Request().Body()); err != nil {
			return nil, err
		}
	}
	for name, values := range body {
		p[name] = values
	}
	return p, p.check()
}

// members counts the objects that "a[][b]" was read for, by a.
type members map[string]int

// name is name with the place in the array where "a[][b]" says nothing of it: an object ends where a name comes again.
func (m members) name(p params, name string) string {
	array, key, ok := strings.Cut(name, "[][")
	if !ok {
		return name
	}
	full := func() string { return array + "[" + strconv.Itoa(m[array]) + "][" + key }
	if _, taken := p[full()]; taken {
		m[array]++
	}
	return full()
}

// objects are the members of the array of objects name, in order; each has its own names.
func (p params) objects(name string) []params {
	at := map[int]params{}
	for full, values := range p {
		rest, ok := strings.CutPrefix(full, name+"[")
		place, key, more := strings.Cut(rest, "][")
		n, err := strconv.Atoi(place)
		if !ok || !more || err != nil {
			continue
		}
		if at[n] == nil {
			at[n] = params{}
		}
		at[n][strings.TrimSuffix(key, "]")] = values
	}
	var out []params
	for _, n := range slices.Sorted(maps.Keys(at)) {
		out = append(out, at[n])
	}
	return out
}

func (p params) add(name string, values ...string) {
	name = strings.TrimSuffix(name, "[]")
	p[name] = append(p[name], values...)
}

func (p params) check() error {
	n := 0
	for name, values := range p {
		n += len(values)
		for _, s := range append([]string{name}, values...) {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return malformed("A parameter is not valid UTF-8, or contains NUL: send text.")
			}
		}
	}
	if n > maxValues {
		return malformed("There are %d parameters; at most %d are read.", n, maxValues)
	}
	return nil
}

// addJSON flattens a document. An empty one is none; one that is no object has no names and so no parameters.
func (p params) addJSON(document []byte) error {
	if strings.TrimSpace(string(document)) == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(document)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return malformed("The body is not valid JSON: check it, or send a form.")
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for name, value := range object {
		if err := p.flatten(strings.TrimSuffix(name, "[]"), value, 0); err != nil {
			return err
		}
	}
	return nil
}

func (p params) flatten(name string, v any, depth int) error {
	if depth > maxNested || len(p) > maxValues {
		return malformed("The body is nested too deeply or has too many members.")
	}
	switch v := v.(type) {
	case string:
		p.add(name, v)
	case json.Number:
		p.add(name, v.String())
	case bool:
		p.add(name, strconv.FormatBool(v))
	case map[string]any:
		for key, value := range v {
			if err := p.flatten(name+"["+key+"]", value, depth+1); err != nil {
				return err
			}
		}
	case []any:
		for i, value := range v {
			member := name
			if _, ok := value.(map[string]any); ok {
				member += "[" + strconv.Itoa(i) + "]"
			}
			if err := p.flatten(member, value, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// text is the last value of name, "" when there is none.
func (p params) text(name string) string {
	if values := p[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// given is nil unless name was sent, even empty.
func (p params) given(name string) *string {
	if _, ok := p[name]; !ok {
		return nil
	}
	s := p.text(name)
	return &s
}

// list is all values of name but empty ones. A scalar is a list of one.
func (p params) list(name string) []string {
	return slices.DeleteFunc(slices.Clone(p[name]), func(s string) bool { return s == "" })
}

// flag is nil unless name was sent with a value. What is not one of the words for no is yes, even "False".
func (p params) flag(name string) *bool {
	word := p.text(name)
	if word == "" {
		return nil
	}
	yes := !slices.Contains([]string{"false", "0", "f", "F", "FALSE", "off", "OFF"}, word)
	return &yes
}

func (p params) yes(name string) bool {
	v := p.flag(name)
	return v != nil && *v
}

// number is an integer, or otherwise when name was not sent.
func (p params) number(name string, otherwise int) (int, error) {
	word := p.text(name)
	if word == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(word, 10, 32)
	if err != nil {
		return 0, malformed("%s must be a whole number.", name)
	}
	return int(n), nil
}

// id is an id, 0 when name was not sent or is 0.
func (p params) id(name string) (social.ID, error) {
	word := p.text(name)
	if word == "" || word == "0" {
		return 0, nil
	}
	id, ok := social.ParseID(word)
	if !ok {
		return 0, malformed("%s must be an id: a number in decimal.", name)
	}
	return id, nil
}

// ids are those among the values of name that can be ids, each once, in their order. Unknown ids are nobody's, so what
// is no id is left out like them.
func (p params) ids(name string) []social.ID {
	var out []social.ID
	for _, word := range p.list(name) {
		if id, ok := social.ParseID(word); ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
