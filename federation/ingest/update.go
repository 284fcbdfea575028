package ingest

import (
	"context"
	"errors"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// Change is what the newer document of a known post does to it.
type Change struct {
	Status social.Status
	// Explicit changes say when they were made, later than what is kept, and may change everything; implicit ones bring
	// numbers up to date and no text (federation.md §4.2 step 4).
	Explicit bool
	Unknown  bool // there is no such post here
	// Drop is why it changes nothing, "" when it may.
	Drop rules.ID
}

// ReadChange finds out what n by author changes.
func (g *Ingest) ReadChange(ctx context.Context, store social.StatusStore, n vocab.Note, author social.Account) (Change, error) {
	s, err := store.StatusByURI(ctx, n.ID)
	c, at := Change{Status: s}, n.Updated.Truncate(time.Millisecond) // as dates are kept
	c.Unknown = errors.Is(err, social.ErrNotFound)
	switch {
	case c.Unknown, err == nil && s.BoostOfID != 0: // a boost is no text
		c.Drop = rules.DropUnknownObject
	case err != nil:
		return c, err
	case s.AccountID != author.ID:
		c.Drop = rules.DropOtherOwner
	case n.Updated.IsZero(): // one as old as the post is an edit: dates are sent to the second
		c.Drop = g.unlessNews(n, rules.DropEditUndated)
	case s.EditedAt.After(at):
		c.Drop = rules.DropOutdated
	case s.EditedAt.Equal(at):
		c.Drop = g.unlessNews(n, rules.DropDuplicate)
	default:
		c.Explicit = true
	}
	return c, nil
}

// unlessNews is rule unless n says something that an implicit change may bring.
func (g *Ingest) unlessNews(n vocab.Note, rule rules.ID) rules.ID {
	if n.Poll != nil || g.Counts(n) || g.Policy.Quotes && (n.CanQuote != nil || n.Quote.URI != "" || n.Quote.Gone) {
		return ""
	}
	return rule
}

// ApplyChange keeps the change that n by author is. significant reports that people see another post than before, and that it
// is newer than everything known of it: then it is passed on.
func (g *Ingest) ApplyChange(ctx context.Context, tx Tx, n vocab.Note, author social.Account, need Needed) (out Outcome, significant bool, err error) {
	c, err := g.ReadChange(ctx, tx, n, author)
	if err != nil || c.Drop != "" {
		return Drop(c.Drop, n.ID), false, err
	}
	out = Outcome{Outcome: observe.Accepted, Rule: rules.AcceptUpdate, Object: n.ID, Status: c.Status}
	if err := g.Recount(ctx, tx, c.Status, n); err != nil {
		return out, false, err
	}
	if err := g.keepReplyRule(ctx, tx, c.Status, n); err != nil {
		return out, false, err
	}
	another, requoted, err := g.requote(ctx, tx, c, n, author)
	if err != nil {
		return out, false, err
	}
	if !c.Explicit {
		news, err := g.tallies(ctx, tx, c.Status, translate.Poll(n.Poll, g.Now()))
		switch {
		case requoted:
		case news:
			out.Rule = rules.AcceptTallies
		case g.Counts(n):
			out.Rule = rules.AcceptCounts
		default:
			out = Drop(rules.DropEditUndated, n.ID)
		}
		return out, false, err
	}
	last := c.Status.EditedAt
	if last.IsZero() {
		last = c.Status.CreatedAt
	}
	change, err := g.edit(ctx, c.Status, n, author, need)
	if err != nil {
		return out, false, err
	}
	significant, err = g.Statuses.ReceiveEdit(ctx, tx, author, c.Status, change, another)
	if err == nil {
		err = g.KeepEmojis(ctx, tx, n, author)
	}
	return out, significant && n.Updated.After(last), err
}
