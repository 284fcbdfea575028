package ingest

import (
	"context"

	"orrery/social"
)

// stand gives a the standing that it has by what its own server says (federation.md §2.5).
func (g *Ingest) stand(ctx context.Context, tx Tx, a *social.Account, suspended bool) error {
	var err error
	a.Standing, err = g.Moderation.ReceiveSuspension(ctx, tx, *a, suspended)
	return err
}

// first gives a, whom nobody here knew, the standing that people of its server have here.
func (g *Ingest) first(ctx context.Context, tx Tx, a *social.Account) error {
	suspended := a.Suspended()
	a.Standing = social.Standing{}
	b, err := g.Domains.Block(ctx, a.Domain)
	if err != nil {
		return err
	}
	if b.Severity == social.SeveritySilence {
		a.SilencedAt = b.CreatedAt // by this date the end of the block finds it
		if err := tx.SetStanding(ctx, a.ID, a.Standing); err != nil {
			return err
		}
	}
	return g.stand(ctx, tx, a, suspended)
}
