package ingest

import (
	"context"
	"errors"

	"orrery/federation/policy"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// joinThread notes in which conversation with an owner s stands: that of what it answers; else, for the first post of one, the
// one that its document names (federation.md §13.3.1, §13.3.2).
func (g *Ingest) joinThread(ctx context.Context, tx Tx, s social.Status, n vocab.Note, author social.Account) error {
	if g.Policy.Owners == "" {
		return nil
	}
	if s.ReplyToID != 0 {
		t, err := tx.ThreadOf(ctx, s.ReplyToID)
		if errors.Is(err, social.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.JoinThread(ctx, t.ID, s.ID)
	}
	t := social.Thread{ID: g.NewID(), RootID: s.ID}
	switch {
	case s.ReplyToURI != "":
		return nil
	case g.Policy.Owners == policy.OwnedByBeginner && translate.SameHost(n.History, author.URI):
		t.Owner, t.History = author.URI, n.History
	case g.Policy.Owners == policy.OwnedByCommunity && translate.IsHTTP(n.Community):
		community, err := tx.AccountByURI(ctx, n.Community)
		if errors.Is(err, social.ErrNotFound) || err == nil && !community.Group() {
			return nil
		}
		if err != nil {
			return err
		}
		t.Owner = community.URI
	default:
		return nil
	}
	return tx.InsertThread(ctx, t)
}

// AdoptThread lets posts whose parent has just been found join its conversation.
func (g *Ingest) AdoptThread(ctx context.Context, tx Tx, parent social.ID, ids []social.ID) error {
	if g.Policy.Owners == "" || len(ids) == 0 {
		return nil
	}
	t, err := tx.ThreadOf(ctx, parent)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	for _, id := range ids {
		if err == nil {
			err = tx.JoinThread(ctx, t.ID, id)
		}
	}
	return err
}

// owned adds to r whose the conversation is that an arriving reply to parent stands in.
func (g *Ingest) owned(ctx context.Context, tx Tx, r *policy.Received, author social.Account, parent *social.Status) error {
	if g.Policy.Owners == "" || parent == nil {
		return nil
	}
	t, err := tx.ThreadOf(ctx, parent.ID)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r.InThread, r.AuthorOwns, r.Owner = true, t.Owner == author.URI, policy.OwnerElsewhere
	if g.URLs.IsLocal(t.Owner) {
		r.Owner = policy.OwnerHere
	}
	return nil
}
