package signature

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/dunglas/httpsfv"
)

// DigestHeader is the value of Digest for body, as Mastodon writes it.
func DigestHeader(body []byte) string { return "SHA-256=" + sum256(body) }

// ContentDigestHeader is the value of Content-Digest (RFC 9530) for body.
func ContentDigestHeader(body []byte) string { return "sha-256=:" + sum256(body) + ":" }

func sum256(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// checkDigest compares the Digest header with the body (spec/federation.md §5.3 and §5.6). The result is nil when
// there is nothing to compare.
func checkDigest(r Request) (*Digest, error) {
	header, ok := r.Value("Digest")
	if !ok {
		return nil, ErrDigestMissing
	}
	var offered []string
	for _, part := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if !strings.EqualFold(name, "sha-256") {
			offered = append(offered, clip(name))
			continue
		}
		d := &Digest{Algorithm: "SHA-256", Given: strings.TrimSpace(value), Computed: sum256(r.Body)}
		return d, d.judge()
	}
	return nil, fmt.Errorf("%w: it offers %s", ErrDigestAlgorithm, strings.Join(offered, ", "))
}

// judge compares in constant time out of habit, and says which of the three ways of being wrong it is.
func (d *Digest) judge() error {
	if subtle.ConstantTimeCompare([]byte(d.Given), []byte(d.Computed)) == 1 {
		d.Match = true
		return nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(d.Given)
	if err != nil {
		return fmt.Errorf("%w: %q", ErrDigestEncoding, clip(d.Given))
	}
	if want, _ := base64.StdEncoding.DecodeString(d.Computed); len(raw) != len(want) {
		return fmt.Errorf("%w: %d bytes instead of %d", ErrDigestLength, len(raw), len(want))
	}
	return fmt.Errorf("%w: the body's is %s, the header says %s", ErrDigestMismatch, d.Computed, d.Given)
}

// checkContentDigest compares Content-Digest with the body. Mastodon takes sha-256 only; allowSHA512 is for the inspector.
func checkContentDigest(r Request, allowSHA512 bool) (*Digest, error) {
	header, ok := r.Value("Content-Digest")
	if !ok {
		return nil, ErrDigestMissing
	}
	if len(header) > maxHeader {
		return nil, ErrContentDigest
	}
	dict, err := httpsfv.UnmarshalDictionary([]string{header})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrContentDigest, err)
	}
	d := &Digest{Algorithm: "sha-256", Computed: sum256(r.Body)}
	member, ok := dict.Get("sha-256")
	if !ok && allowSHA512 {
		sum := sha512.Sum512(r.Body)
		d = &Digest{Algorithm: "sha-512", Computed: base64.StdEncoding.EncodeToString(sum[:])}
		member, ok = dict.Get("sha-512")
	}
	if !ok {
		return nil, fmt.Errorf("%w: it offers %s", ErrDigestAlgorithm, clip(strings.Join(dict.Names(), ", ")))
	}
	item, ok := member.(httpsfv.Item)
	raw, isBytes := item.Value.([]byte)
	if !ok || !isBytes {
		return nil, fmt.Errorf("%w: %s is not a byte sequence", ErrDigestEncoding, d.Algorithm)
	}
	d.Given = base64.StdEncoding.EncodeToString(raw)
	return d, d.judge()
}
