// Package ingest is the one road in for actors and posts, whether they were delivered or fetched, so that a post means
// the same however it came.
//
// It works in two steps: need fetches what is missing, with no transaction open; apply stores, with no network. A
// newcomer's usual mistake is to look something up inside apply: SQLite has one writer, and the other server may be
// waiting for it.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Tx is what applying needs: the domain, the log's bodies and the queue, in one transaction.
type Tx interface {
	social.Tx
	work.Tx
	jobs.Tx
	// PutBody keeps bytes by their SHA-256, in hex.
	PutBody(ctx context.Context, body []byte) (string, error)
}

// Ingest brings in actors and posts for one instance. Safe for concurrent use.
type Ingest struct {
	Fetch    *fetch.Client
	Store    social.Tx // for reading outside transactions
	Atomic   func(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	Statuses *social.Statuses
	Polls    *social.Polls
	// Moderation and Domains are what those who run the server decide.
	Moderation *social.Moderation
	Domains    *social.Domains
	Policy     policy.Policy
	Observer   observe.Observer
	URLs       social.URLs
	Now        func() time.Time
	NewID      func() social.ID
	// Patience is how long, on the real clock, those whom a post mentions are looked up before it is kept without the
	// rest; 0 is half a minute. One post can name a thousand strangers whose servers never answer.
	Patience time.Duration
	// Gone is told of a known account whose document answers 410, if the policy believes that; nil when nobody wants to know.
	Gone func(ctx context.Context, a social.Account) error
	// NewIDAt makes an id for something fetched that is as old as t (federation.md §3.6).
	NewIDAt func(t time.Time) social.ID
	// Jitter is a number from 0 to 1, by chance: when within its time something that can wait is done.
	Jitter func() float64

	met     subdomains
	signers sync.Map // account id → signer, parsed private keys of local accounts
	public  sync.Map // PEM → crypto.PublicKey, at most maxKeys
	cached  atomic.Int64
}

// ErrNotHere says that an actor or post cannot be had: it does not exist, is not what it claims to be, or its server
// refuses. Trying again is useless.
var ErrNotHere = errors.New("it cannot be had")

// signer is a parsed private key with the public half that it belongs to.
type signer struct {
	fetch.Signer
	public string
}

// Signer returns the key of a local account, for signing requests. The database is asked every time: the key may have been
// changed, by another process too.
func (g *Ingest) Signer(ctx context.Context, id social.ID) (fetch.Signer, error) {
	owner, public, err := g.Store.SigningKey(ctx, id)
	if err != nil {
		return fetch.Signer{}, fmt.Errorf("signer %d: %w", id, err)
	}
	if s, ok := g.signers.Load(id); ok && s.(signer).public == public.PEM && s.(signer).KeyID == public.ID {
		return s.(signer).Signer, nil
	}
	pem, err := g.Store.PrivateKey(ctx, id)
	if err != nil {
		return fetch.Signer{}, fmt.Errorf("private key of %s: %w", owner, err)
	}
	key, err := signature.ParsePrivatePEM(pem)
	if err != nil {
		return fetch.Signer{}, fmt.Errorf("private key of %s: %w", owner, err)
	}
	s := fetch.Signer{Actor: owner, KeyID: public.ID, Key: key}
	g.signers.Store(id, signer{s, public.PEM})
	return s, nil
}

// Instance is the signer of look-ups that nobody in particular asked for.
func (g *Ingest) Instance(ctx context.Context) (fetch.Signer, error) {
	return g.Signer(ctx, social.InstanceActorID)
}
