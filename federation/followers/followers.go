// Package followers is the arithmetic of followers synchronisation (FEP-8fcf): how two servers find out, by one header on a
// followers-only post, whether they agree on who of the one follows somebody of the other.
//
// It asks and keeps nothing: outbox writes the header, inbox compares, pull reads the list. A newcomer's usual mistake is to
// hash handles or to sort: what is combined are the actors' ids, in any order.
package followers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"

	"orrery/federation/signature"
)

// HeaderName is the header that carries a Header.
const HeaderName = "Collection-Synchronization"

// Digest stands for a set of actor ids: the SHA-256 of each, combined by exclusive or. The zero value is the empty set.
type Digest [sha256.Size]byte

// Of is the digest of a set; an id that is given twice counts once.
func Of(ids []string) Digest {
	var d Digest
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		sum := sha256.Sum256([]byte(id))
		for i := range d {
			d[i] ^= sum[i]
		}
	}
	return d
}

// String is the digest as it is sent: 64 digits of lower-case hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Header says what the sender holds to be the part of a followers collection that is the recipient's.
type Header struct {
	Collection string // id of the whole collection
	URL        string // where the recipient may read its part, signed
	Digest     string // of that part
}

// String is the header's value.
func (h Header) String() string {
	return `collectionId="` + h.Collection + `", url="` + h.URL + `", digest="` + h.Digest + `"`
}

// Parse reads a header's value. What is not there is ""; an error means that it is no list of name="value".
func Parse(value string) (Header, error) {
	pairs, err := signature.Pairs(value)
	return Header{pairs["collectionId"], pairs["url"], pairs["digest"]}, err
}

// Origin is scheme://host[:port] of an id or inbox: who share it are one recipient's part. It is "" for what is no address.
func Origin(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
