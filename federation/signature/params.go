package signature

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// Bounds of a Signature header: real ones are below 1 KiB with four parameters (RSA-4096 included).
const (
	maxHeader  = 8 << 10
	maxParams  = 16
	maxCovered = 64
)

// Params are the parameters of a draft-cavage Signature header.
type Params struct {
	KeyID string
	// Algorithm is as given; "" when absent, which is judged as hs2019.
	Algorithm string
	// Covered are the names of the headers parameter, in order; nil when it is absent, and then Default tells.
	Covered   []string
	Signature []byte
	// Created and Expires are the raw texts, because (created) is signed as it was written; "" when absent.
	Created string
	Expires string
}

// algorithm is the given algorithm or its default, hs2019 (spec/federation.md §5.3).
func (p Params) algorithm() string {
	if p.Algorithm == "" {
		return "hs2019"
	}
	return strings.ToLower(p.Algorithm)
}

// covered is the covered list or its default for the algorithm.
func (p Params) covered() []string {
	if p.Covered != nil {
		return p.Covered
	}
	if p.algorithm() == "hs2019" {
		return []string{"(created)"}
	}
	return []string{"date"}
}

// Parse reads the value of a draft-cavage Signature header, with or without the word "Signature " in front.
// Blanks around commas and commas inside quotes are fine; a parameter given twice is ErrDuplicateParam, a missing keyId
// or signature ErrIncomplete, anything else that cannot be read ErrParse.
func Parse(header string) (Params, error) {
	values, err := Pairs(header)
	if err != nil {
		return Params{}, err
	}
	p := Params{KeyID: values["keyId"], Algorithm: values["algorithm"], Created: values["created"], Expires: values["expires"]}
	if h, ok := values["headers"]; ok {
		p.Covered = strings.Fields(strings.ToLower(h))
		if len(p.Covered) > maxCovered {
			return p, fmt.Errorf("%w: %d covered names, at most %d are read", ErrParse, len(p.Covered), maxCovered)
		}
	}
	if p.KeyID == "" {
		return p, fmt.Errorf("%w: keyId", ErrIncomplete)
	}
	if values["signature"] == "" {
		return p, fmt.Errorf("%w: signature", ErrIncomplete)
	}
	if p.Signature, err = decodeBase64(values["signature"]); err != nil {
		return p, fmt.Errorf("%w: the signature is not base64", ErrParse)
	}
	return p, nil
}

// Pairs reads name="value", name="value" …, the syntax of a draft-cavage Signature header, which other headers share.
func Pairs(s string) (map[string]string, error) {
	if len(s) > maxHeader {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are read", ErrParse, len(s), maxHeader)
	}
	s = strings.TrimSpace(s)
	if len(s) > 10 && strings.EqualFold(s[:10], "signature ") {
		s = strings.TrimSpace(s[10:])
	}
	values := make(map[string]string, 4)
	for s != "" {
		key, rest := takeToken(s)
		rest = strings.TrimLeft(rest, " \t")
		if key == "" || !strings.HasPrefix(rest, "=") {
			return nil, fmt.Errorf("%w: wanted name=value at %q", ErrParse, clip(s))
		}
		value, rest, ok := takeValue(strings.TrimLeft(rest[1:], " \t"))
		if !ok {
			return nil, fmt.Errorf("%w: the value of %s cannot be read", ErrParse, key)
		}
		if _, dup := values[key]; dup {
			return nil, fmt.Errorf("%w: %s", ErrDuplicateParam, key)
		}
		if values[key] = value; len(values) > maxParams {
			return nil, fmt.Errorf("%w: more than %d parameters", ErrParse, maxParams)
		}
		if s = strings.TrimLeft(rest, " \t"); s == "" {
			return values, nil
		}
		if s[0] != ',' {
			return nil, fmt.Errorf("%w: wanted a comma at %q", ErrParse, clip(s))
		}
		if s = strings.TrimLeft(s[1:], " \t"); s == "" {
			return nil, fmt.Errorf("%w: nothing follows the last comma", ErrParse)
		}
	}
	return nil, fmt.Errorf("%w: it is empty", ErrParse)
}

func takeValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest = takeToken(s)
		return value, rest, value != ""
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

func takeToken(s string) (token, rest string) {
	i := 0
	for i < len(s) && isTokenByte(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// isTokenByte is tchar of RFC 9110 §5.6.2.
func isTokenByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func decodeBase64(s string) ([]byte, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "=")
	return base64.RawStdEncoding.DecodeString(s)
}

func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}
