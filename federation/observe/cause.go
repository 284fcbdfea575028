package observe

import (
	"context"
	"sync"

	"orrery/federation/rules"
)

// Cause says what led to the work at hand: the nearest exchange or local action, and the first of the chain.
// It travels in contexts and in job payloads, never on the wire.
type Cause struct {
	Exchange ExchangeID
	Root     ExchangeID
}

type causeKey struct{}

type caused struct {
	mu sync.Mutex
	by Cause
}

// WithCause marks ctx as work that c led to.
func WithCause(ctx context.Context, c Cause) context.Context {
	if c.Root == 0 {
		c.Root = c.Exchange
	}
	return context.WithValue(ctx, causeKey{}, &caused{by: c})
}

// CauseOf returns what led to the work of ctx, or the zero Cause.
func CauseOf(ctx context.Context) Cause {
	c, _ := ctx.Value(causeKey{}).(*caused)
	if c == nil {
		return Cause{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by
}

// Begin makes id, the first request of work that nothing led to, the cause of whatever that work does from then on. It changes
// nothing where there is a cause already, or where ctx was never marked.
func Begin(ctx context.Context, id ExchangeID) {
	c, _ := ctx.Value(causeKey{}).(*caused)
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == (Cause{}) {
		c.by = Cause{Exchange: id, Root: id}
	}
}

// Purpose says what a request is for; whoever makes a request sets it and the log's tap reads it.
type Purpose struct {
	Kind    string   // delivery | fetch | key | webfinger | nodeinfo | other
	Rule    rules.ID // why it is made
	Signer  string   // actor URI whose key signs, "" when unsigned
	Attempt int      // 1 for the first try
	Again   rules.ID // why the same request is made once more at once, "" when it is not a repetition
	// Beginning says that the first mebibyte of the answer is as good as the whole.
	Beginning bool
}

type purposeKey struct{}

// WithPurpose marks ctx as carrying one outgoing request made for p.
func WithPurpose(ctx context.Context, p Purpose) context.Context {
	return context.WithValue(ctx, purposeKey{}, p)
}

// PurposeOf returns the purpose of the request that ctx carries; Kind is "other" when nobody said.
func PurposeOf(ctx context.Context) Purpose {
	p, ok := ctx.Value(purposeKey{}).(Purpose)
	if !ok {
		return Purpose{Kind: "other", Attempt: 1}
	}
	return p
}
