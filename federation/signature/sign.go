package signature

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
)

// Sign signs r as p says: it sets Date, for a POST Digest, and Signature. Every other covered header (Accept,
// Content-Type, Collection-Synchronization) must be set before. body must be what will be sent, byte for byte.
func Sign(r *http.Request, body []byte, key PrivateKey, now time.Time, p SignProfile) error {
	if key.Key == nil || key.ID == "" || strings.ContainsAny(key.ID, "\"\\\r\n") {
		return fmt.Errorf("sign %s with key %q: the key is missing or its id cannot stand in a header", r.URL, key.ID)
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	r.Header.Del("Digest")
	if r.Method == http.MethodPost {
		r.Header.Set("Digest", DigestHeader(body))
	}
	value, err := signByLibrary(r, key, p)
	if err != nil {
		return fmt.Errorf("sign %s %s with key %s: %w", r.Method, r.URL, key.ID, err)
	}
	r.Header.Set("Signature", value)
	return nil
}

// signByLibrary lets go-fed/httpsig sign a copy of r that holds what the library must see: the path as it goes over
// the wire (it would sign the decoded one) and Host as a header. The library always presents hs2019; algorithm is not
// part of what is signed, so it is presented as the profile wants. docs/decisions has the page.
func signByLibrary(r *http.Request, key PrivateKey, p SignProfile) (string, error) {
	path, query, _ := strings.Cut(r.URL.RequestURI(), "?")
	if !p.Query {
		query = ""
	}
	shadow := &http.Request{Method: r.Method, URL: &url.URL{Path: path, RawQuery: query}, Header: r.Header.Clone()}
	shadow.Header["Host"] = []string{hostOf(r)}
	if r.ContentLength > 0 { // net/http writes the line, nobody sets it
		shadow.Header["Content-Length"] = []string{strconv.FormatInt(r.ContentLength, 10)}
	}
	shadow.Header.Del("Signature")
	// A signer is not safe for concurrent use and costs nothing, so each request has its own.
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, p.cover(shadow), httpsig.Signature, 0)
	if err != nil {
		return "", err
	}
	if err := signer.SignRequest(key.Key, key.ID, shadow, nil); err != nil {
		return "", err
	}
	before, after, ok := strings.Cut(shadow.Header.Get("Signature"), `",algorithm="hs2019",`)
	if !ok {
		return "", errors.New("the signing library wrote a header of an unknown form")
	}
	return before + `",algorithm="` + p.Algorithm + `",` + after, nil
}

// cover is the profile's list for r, without the optional headers r does not have.
func (p SignProfile) cover(r *http.Request) []string {
	names := p.Get
	if r.Method == http.MethodPost {
		names = p.Post
	}
	var out []string
	for _, name := range names {
		if _, ok := r.Header[http.CanonicalHeaderKey(name)]; ok || name == requestTarget {
			out = append(out, name)
		}
	}
	return out
}
