package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// members is a JSON object whose members keep their order and their bytes: what we sign should look as it was written.
type members []member

type member struct {
	name string
	raw  json.RawMessage
}

func parseMembers(doc []byte) (members, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.Join(errors.New("it is not a JSON object"), err)
	}
	var out members
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("read a member: %w", err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, fmt.Errorf("read member %v: %w", name, err)
		}
		out = append(out, member{name.(string), raw})
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("read the end of the object: %w", err)
	}
	return out, nil
}

func (m members) without(name string) members {
	var out members
	for _, each := range m {
		if each.name != name {
			out = append(out, each)
		}
	}
	return out
}

// with appends a text member.
func (m members) with(name, text string) members { return append(m, member{name, encodeText(text)}) }

// withContext adds url to @context unless it is there.
func (m members) withContext(url string) members {
	added := encodeText(url)
	for i, each := range m {
		if each.name != "@context" {
			continue
		}
		var list []json.RawMessage
		if json.Unmarshal(each.raw, &list) != nil {
			list = []json.RawMessage{each.raw}
		}
		for _, have := range list {
			if bytes.Equal(bytes.TrimSpace(have), added) {
				return m
			}
		}
		out := append(members(nil), m...)
		out[i].raw = joined('[', append(list, added), ']')
		return out
	}
	return append(members{{"@context", added}}, m...)
}

func (m members) encode() []byte {
	parts := make([]json.RawMessage, len(m))
	for i, each := range m {
		parts[i] = append(append(encodeText(each.name), ':'), each.raw...)
	}
	return joined('{', parts, '}')
}

func joined(open byte, parts []json.RawMessage, end byte) []byte {
	out := []byte{open}
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, p...)
	}
	return append(out, end)
}

// encodeText writes a JSON string without the HTML escapes of the standard library.
func encodeText(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Encode writes a document in the deterministic order of encoding/json, without HTML escapes. It is how documents that
// were compacted go out again.
func Encode(doc map[string]any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode a document: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
