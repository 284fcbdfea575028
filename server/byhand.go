package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"orrery/activitylog"
	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// Flaw is what is wrong with a request that is sent by hand; "" is nothing.
type Flaw string

// Flaws. All but a foreign key are made after the request was signed as it should be.
const (
	WrongSignature Flaw = "wrong-signature" // the signature was changed
	NoSignature    Flaw = "no-signature"    // there is none
	WrongDigest    Flaw = "wrong-digest"    // the body was changed
	OldDate        Flaw = "old-date"        // it was signed a day ago
	ForeignKey     Flaw = "foreign-key"     // another key signed in the name of this one
)

// SendByHand delivers body to inbox, signed as the local account who, with one thing wrong if flaw says so. It is recorded
// like any delivery, and returns the status of the answer; 0 when there was none.
func (i *Instance) SendByHand(ctx context.Context, who social.ID, inbox string, body []byte, flaw Flaw) (int, error) {
	by, err := i.ingest.Signer(ctx, who)
	if err != nil {
		return 0, fmt.Errorf("the key of account %d: %w", who, err)
	}
	now := i.world.Clock.Now
	switch flaw {
	case OldDate:
		now = func() time.Time { return i.world.Clock.Now().Add(-24 * time.Hour) }
	case ForeignKey:
		instance, err := i.ingest.Signer(ctx, social.InstanceActorID)
		if err != nil {
			return 0, fmt.Errorf("the key of %s: %w", i.Config.Name, err)
		}
		by.Key = instance.Key
	}
	client := &fetch.Client{
		Transport: flawed{flaw, i.Recorder.Transport(i.world.Transport)}, UserAgent: userAgent(i.Config), Now: now, Refused: i.refused,
		Sign: i.form.sign, SchemeOf: i.world.SchemeOf, Timeout: activitylog.DeliveryDeadline,
	}
	if i.world.Stepped {
		client.Timeout = 0
	}
	purpose := observe.Purpose{Kind: activitylog.Delivery, Rule: rules.DeliverByHand, Signer: by.Actor, Attempt: 1}
	return client.Post(ctx, inbox, body, by, purpose, nil)
}

// flawed spoils signed requests on their way.
type flawed struct {
	flaw Flaw
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (f flawed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	switch f.flaw {
	case NoSignature:
		r.Header.Del("Signature")
		r.Header.Del("Signature-Input")
	case WrongSignature:
		r.Header.Set("Signature", spoil(r.Header.Get("Signature")))
	case WrongDigest:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, fmt.Errorf("read what is sent to %s: %w", r.URL, err)
		}
		body = append(body, ' ') // the same document, but not the same bytes
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return f.next.RoundTrip(r)
}

// spoil changes one character of the signature in a Signature header of either dialect.
func spoil(header string) string {
	for _, opening := range []string{`signature="`, `=:`} {
		if at := strings.LastIndex(header, opening); at >= 0 && at+len(opening) < len(header) {
			n, other := at+len(opening), "A"
			if header[n] == 'A' {
				other = "B"
			}
			return header[:n] + other + header[n+1:]
		}
	}
	return header
}
