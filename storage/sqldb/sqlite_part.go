package sqldb

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"orrery/internal/clock"
)

// part is one function in the queue of the writer.
type part struct {
	ctx   context.Context
	taken atomic.Bool    // by the writer, to run it, or by the caller, to give up
	start chan *sqliteTx // the writer gives the turn
	ran   chan error     // the caller gives it back
	ended chan struct{}  // the transaction is over; err is set
	err   error
	hooks hooks
}

// claim takes the part for the writer. False if the caller has given up; a cancelled ctx counts as given up.
func (p *part) claim() bool {
	return p.ctx.Err() == nil && p.taken.CompareAndSwap(false, true)
}

// nestedAfter is how long a caller waits before it looks whether it waits for itself.
const nestedAfter = time.Second

// do runs fn as a part of the writer's next transaction.
func (w *writer) do(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := &part{ctx: ctx, start: make(chan *sqliteTx), ran: make(chan error), ended: make(chan struct{})}
	nested := clock.Real{}.At(clock.Real{}.Now().Add(nestedAfter)) // a watchdog over our own code, on real time
	queue := w.queue
	for {
		var why error
		select {
		case queue <- p:
			queue = nil // sent; a nil channel is never ready
			continue
		case tx := <-p.start:
			runPart(p, tx, fn)
			<-p.ended
			return p.err
		case <-p.ended:
			return p.err
		case <-ctx.Done():
			why = ctx.Err()
		case <-w.gone:
			why = ErrClosed
		case <-nested:
			if !insidePart() {
				continue
			}
			why = ErrInsideTx
		}
		if p.taken.CompareAndSwap(false, true) {
			return why
		}
		// The writer was quicker: the turn or the end comes at once, and ctx no longer matters.
		select {
		case tx := <-p.start:
			runPart(p, tx, fn)
			<-p.ended
		case <-p.ended:
		}
		return p.err
	}
}

var errUnwound = errors.New("the transaction function did not return")

// runPart runs fn and gives the turn back, also when fn panics or calls runtime.Goexit; then the panic goes on after
// the rollback.
//
//go:noinline
func runPart(p *part, tx *sqliteTx, fn func(Tx) error) {
	err := errUnwound
	defer func() {
		p.ran <- err
		<-p.ended
	}()
	err = fn(tx)
}

// insidePart reports whether the calling goroutine stands inside a transaction function, that is, waits for itself.
func insidePart() bool {
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/sqldb.runPart") {
			return true
		}
		if !more {
			return false
		}
	}
}
