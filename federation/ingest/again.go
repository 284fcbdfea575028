package ingest

import (
	"context"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/social"
)

// fetchedAgain takes in the document of a post that is known, which was fetched: it counts as an Update of it (federation.md
// §9.0). A document that says it was changed since is an edit; any other brings new numbers only.
func (g *Ingest) fetchedAgain(ctx context.Context, s social.Status, n vocab.Note, author social.Account) (social.Status, error) {
	var need Needed
	edit := editedSince(s, n)
	if edit {
		var err error
		if need, err = g.NeedNote(ctx, n); err != nil {
			return s, err
		}
	}
	out := Outcome{Outcome: observe.Accepted, Rule: rules.AcceptRefreshed, Object: n.ID}
	err := g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		now, err := tx.StatusByID(ctx, s.ID)
		if err != nil {
			return err
		}
		if edit && editedSince(now, n) {
			if _, err := g.Statuses.ReceiveEdit(ctx, tx, author, now, g.Edit(now, n, author, need)); err != nil {
				return err
			}
		}
		if err := g.Recount(ctx, tx, now, n); err != nil {
			return err
		}
		g.Observer.Observe(ctx, observe.Decided{Rule: out.Rule, Outcome: out.Outcome, Object: out.Object})
		s, err = tx.StatusByID(ctx, s.ID)
		return err
	})
	return s, err
}

// editedSince reports whether n says that it was changed after the edit that is kept.
func editedSince(s social.Status, n vocab.Note) bool {
	return !n.Updated.IsZero() && !n.Updated.Equal(n.Published) && n.Updated.Truncate(time.Millisecond).After(s.EditedAt)
}

// Recount takes the numbers that the post's own server states, where the policy believes them (federation.md §9.6).
func (g *Ingest) Recount(ctx context.Context, tx Tx, s social.Status, n vocab.Note) error {
	c := g.counted(n)
	if c.None() {
		return nil
	}
	return tx.SetOriginCounts(ctx, s.ID, c)
}

// Counts reports whether n states numbers that the policy believes.
func (g *Ingest) Counts(n vocab.Note) bool { return !g.counted(n).None() }

func (g *Ingest) counted(n vocab.Note) social.OriginCounts {
	if !g.Policy.OriginCounts {
		return social.OriginCounts{}
	}
	return social.OriginCounts{Boosts: social.Claim(n.Shares), Favourites: social.Claim(n.Likes)}
}
