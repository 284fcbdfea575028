package outbox

import (
	"context"
	"fmt"

	"orrery/federation/policy"
	"orrery/federation/translate"
	"orrery/social"
)

// liked tells whom the policy names that somebody here likes a post, or no longer does: its author, and for some programs
// many more.
func (o *Outbox) liked(ctx context.Context, e social.Event) (*plan, error) {
	actor, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if err := o.thread(ctx, &v); err != nil {
		return nil, err
	}
	to, err := o.reachLike(ctx, actor, v)
	if err != nil {
		return nil, err
	}
	how := translate.Liking{}
	if o.Policy.Reactions {
		how.Emoji = "❤"
	}
	if o.Policy.LikesAddressed {
		how.To, how.Cc = translate.LikeAddresses(actor, v)
	}
	activity := o.Writer.Like(actor, e.Object, v.Status.URI, how)
	if e.Kind == social.FavouriteRemoved {
		activity = o.Writer.UndoLike(actor, e.Object, v.Status.URI, how)
	}
	p, err := o.write(ctx, actor, activity, false, to)
	if err == nil {
		err = o.leaveHandingOn(ctx, p, actor, activity, false, v.Thread, v.Status)
	}
	return p, err
}

// reachLike turns the policy's steps for a like of v by actor into inboxes.
func (o *Outbox) reachLike(ctx context.Context, actor social.Account, v social.StatusView) ([]recipient, error) {
	var rs recipients
	for _, step := range o.Policy.Liked(policy.Liking{Visibility: policy.Visibility(v.Status.Visibility), Owner: o.whose(v.Thread)}) {
		accounts := []social.Account{v.Author}
		switch step.Whom {
		case policy.Followers:
			var err error
			if accounts, err = o.Store.RemoteFollowers(ctx, actor.ID); err != nil {
				return nil, fmt.Errorf("followers of %s: %w", actor.URI, err)
			}
		case policy.Mentioned:
			accounts = v.Mentions
		case policy.ThreadOwner:
			var err error
			if accounts, err = o.owner(ctx, v.Thread); err != nil {
				return nil, err
			}
		}
		for _, a := range accounts {
			rs.add(a, step.Personal, step.Rule)
		}
	}
	return rs.list, nil
}
