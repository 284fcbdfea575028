package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// liked tells the author of a post, and nobody else, that somebody here likes it, or no longer does.
func (o *Outbox) liked(ctx context.Context, e social.Event) (*plan, error) {
	actor, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	s, err := o.Store.StatusByID(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	author, err := o.Store.AccountByID(ctx, s.AccountID)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(author, true, rules.DeliverLikedAuthor)
	if e.Kind == social.FavouriteRemoved {
		return o.write(ctx, actor, o.Writer.UndoLike(actor, e.Object, s.URI), false, rs.list)
	}
	return o.write(ctx, actor, o.Writer.Like(actor, e.Object, s.URI), false, rs.list)
}
