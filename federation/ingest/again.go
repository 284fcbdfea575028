package ingest

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/social"
)

// fetchedAgain takes in the document of a post that is known, which was fetched: it counts as an Update of it (federation.md
// §9.0). A document that says it was changed since is an edit; any other brings new numbers only.
func (g *Ingest) fetchedAgain(ctx context.Context, s social.Status, n vocab.Note, author social.Account) (social.Status, error) {
	var need Needed
	c, err := g.ReadChange(ctx, g.Store, n, author)
	if err == nil && c.Explicit {
		need, err = g.NeedNote(ctx, n)
	}
	if err != nil {
		return s, err
	}
	err = g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		if _, _, err := g.ApplyChange(ctx, tx, n, author, need); err != nil {
			return err
		}
		g.Observer.Observe(ctx, observe.Decided{Rule: rules.AcceptRefreshed, Outcome: observe.Accepted, Object: n.ID})
		s, err = tx.StatusByID(ctx, s.ID)
		return err
	})
	return s, err
}

// Recount takes the numbers that the post's own server states, where the policy believes them (federation.md §9.6).
func (g *Ingest) Recount(ctx context.Context, tx Tx, s social.Status, n vocab.Note) error {
	c := g.counted(n)
	if c.None() {
		return nil
	}
	g.tellCounts(ctx, s.URI, c)
	return tx.SetOriginCounts(ctx, s.ID, c)
}

// tellCounts tells the log whose numbers are shown from now on.
func (g *Ingest) tellCounts(ctx context.Context, uri string, c social.OriginCounts) {
	if c.None() {
		return
	}
	f := observe.Counted{Rule: rules.LearnCounted, Object: uri}
	if c.Favourites.Known {
		f.Likes = &c.Favourites.N
	}
	if c.Boosts.Known {
		f.Boosts = &c.Boosts.N
	}
	g.Observer.Observe(ctx, f)
}

// Counts reports whether n states numbers that the policy believes.
func (g *Ingest) Counts(n vocab.Note) bool { return !g.counted(n).None() }

func (g *Ingest) counted(n vocab.Note) social.OriginCounts {
	if !g.Policy.OriginCounts {
		return social.OriginCounts{}
	}
	return social.OriginCounts{Boosts: social.Claim(n.Shares), Favourites: social.Claim(n.Likes)}
}
