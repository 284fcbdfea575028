package social

import "context"

// Renew has everybody here who follows target, an account elsewhere, ask anew: whoever is there now may not know of them.
// Until it is granted they no longer follow; what is in their homes stays. tx is the caller's transaction.
func (f *Follows) Renew(ctx context.Context, tx Tx, target Account) error {
	followers, err := tx.LocalFollowers(ctx, target.ID)
	if err != nil {
		return err
	}
	for _, id := range followers {
		follow, err := tx.FollowBetween(ctx, id, target.ID)
		if err != nil {
			return err
		}
		follower, err := tx.AccountByID(ctx, id)
		if err != nil {
			return err
		}
		follow.URI, follow.Pending = f.MintURI(), true
		if err := tx.UpdateFollow(ctx, follow); err != nil {
			return err
		}
		f.tell(ctx, follower, target, true)
		if err := tx.AppendEvent(ctx, Event{Kind: FollowRequested, Actor: id, Subject: target.ID, Object: follow.ID, URI: follow.URI, At: f.Now()}); err != nil {
			return err
		}
	}
	return nil
}
