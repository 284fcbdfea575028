package social

import (
	"context"
	"errors"
)

// CarryStore finds whom a move concerns besides followers.
type CarryStore interface {
	// Wary are people here who block or mute target or keep a note about it, with an id above after, by id, at most limit.
	Wary(ctx context.Context, target, after ID, limit int) ([]ID, error)
	// BlockersElsewhere are the remote accounts that block target, by id.
	BlockersElsewhere(ctx context.Context, target ID) ([]Account, error)
}

// carry lets the next people here who keep away from the account of c keep away from the new one too: who blocks or mutes
// the old one does so with the new one, unless they follow it, and finds their note there (federation.md §4.11).
func (m *Moderation) carry(ctx context.Context, tx Tx, c *Chore) (done bool, err error) {
	old, target, err := pair(ctx, tx, c.Account, c.Target)
	if errors.Is(err, ErrNotFound) || err == nil && old.MovedToID != target.ID {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	people, err := tx.Wary(ctx, old.ID, c.After, purgeStep)
	if err != nil {
		return false, err
	}
	for _, id := range people {
		c.After = id
		if id == target.ID {
			continue
		}
		if err := m.carryFor(ctx, tx, id, old, target); err != nil {
			return false, err
		}
	}
	return len(people) < purgeStep, nil
}

func (m *Moderation) carryFor(ctx context.Context, tx Tx, who ID, old, target Account) error {
	found, err := tx.Relationships(ctx, who, []ID{old.ID, target.ID})
	if err != nil {
		return err
	}
	before, now := found[old.ID], found[target.ID]
	if now.Note == "" {
		note := "Moved here from @" + old.Acct() + "."
		if before.Note != "" {
			note += " What you noted there:\n" + before.Note
		}
		if r := []rune(note); len(r) > maxNote {
			note = string(r[:maxNote])
		}
		if err := tx.PutAccountNote(ctx, who, target.ID, note); err != nil {
			return err
		}
	}
	if now.Following || now.Requested {
		return nil // who follows the new account knows it
	}
	if before.Blocking && !now.Blocking {
		if err := m.Blocks.block(ctx, tx, who, target.ID); err != nil {
			return err
		}
	}
	if !before.Muting || now.Muting {
		return nil
	}
	mute, err := tx.MuteBetween(ctx, who, old.ID)
	if err != nil {
		return err
	}
	mute.ID, mute.TargetID = m.NewID(), target.ID
	if err := tx.PutMute(ctx, mute); err != nil {
		return err
	}
	if err := forget(ctx, tx, who, target.ID, mute.HideNotifications); err != nil || mute.ExpiresAt.IsZero() {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: MuteExpired, Actor: who, Subject: target.ID, At: m.now(), Rest: mute.ExpiresAt.Sub(m.now())})
}
