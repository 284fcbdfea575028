package signature

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The time window of spec/federation.md §5.3.
const (
	defaultLifetime = 5 * time.Minute
	maxLifetime     = 12 * time.Hour
	clockSkew       = time.Hour
)

// window is when a signature holds. Without created and expires it always does: that is Mastodon's reading.
type window struct {
	created, expires time.Time // zero: not given
}

// bounded fills in the default lifetime and caps a long one.
func (w window) bounded() window {
	if w.created.IsZero() {
		return w
	}
	if w.expires.IsZero() {
		w.expires = w.created.Add(defaultLifetime)
	}
	if last := w.created.Add(maxLifetime); w.expires.After(last) {
		w.expires = last
	}
	return w
}

// judge reports ErrFuture or ErrStale with how far outside now is, and the margin in seconds.
func (w window) judge(now time.Time) (margin *int64, err error) {
	least := func(d time.Duration) {
		if s := int64(d / time.Second); margin == nil || s < *margin {
			margin = &s
		}
	}
	if !w.created.IsZero() {
		ahead := w.created.Sub(now)
		least(clockSkew - ahead)
		if ahead > clockSkew {
			err = fmt.Errorf("%w: %s ahead of us, %s are allowed; the sender's clock may be wrong",
				ErrFuture, round(ahead), clockSkew)
		}
	}
	if !w.expires.IsZero() {
		late := now.Sub(w.expires)
		least(clockSkew - late)
		if late > clockSkew && err == nil {
			err = fmt.Errorf("%w: it ended %s ago, %s of grace are allowed; the sender must sign again",
				ErrStale, round(late), clockSkew)
		}
	}
	return margin, err
}

func round(d time.Duration) time.Duration { return d.Round(time.Second) }

// unixParam reads created and expires. Fractions of a second are dropped; the bound keeps arithmetic from wrapping.
func unixParam(name, text string) (time.Time, error) {
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return time.Time{}, fmt.Errorf("%w: %s is not a time in seconds", ErrParse, name)
	}
	return time.Unix(n, 0).UTC(), nil
}

// note copies the window into a report.
func (r *Report) note(w window) {
	if !w.created.IsZero() {
		r.Created = &w.created
	}
	if !w.expires.IsZero() {
		r.Expires = &w.expires
	}
}
