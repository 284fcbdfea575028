package social

import "context"

// Claim is a number that another server states; the zero Claim states nothing.
type Claim struct {
	N     int64
	Known bool
}

// Claimed is a claim of n.
func Claimed(n int64) Claim { return Claim{N: n, Known: true} }

// or is the claim, else what is counted here.
func (c Claim) or(here int64) int64 {
	if c.Known {
		return c.N
	}
	return here
}

// OriginCounts are the boosts and likes of a remote post as its own server stated them last, moved since by what happened
// here. They are believed for showing and for nothing else (federation.md §9.6).
type OriginCounts struct{ Boosts, Favourites Claim }

// None reports whether nothing is stated.
func (c OriginCounts) None() bool { return !c.Boosts.Known && !c.Favourites.Known }

// Boosts is how many boosts are shown: what the post's own server says if it did, else those known here. Everything that
// shows the number asks here.
func (s Status) Boosts() int64 { return s.Origin.Boosts.or(s.BoostsCount) }

// Favourites is how many likes are shown; see Boosts.
func (s Status) Favourites() int64 { return s.Origin.Favourites.or(s.FavouritesCount) }

// OriginStore keeps what other servers count.
type OriginStore interface {
	// SetOriginCounts replaces those counts that are known; the others stay.
	SetOriginCounts(ctx context.Context, status ID, c OriginCounts) error
}
