package api

import (
	"context"

	"orrery/activitylog"
	"orrery/social"
)

// note keeps what the sender wants to remember about somebody.
func (a *API) note(r *request) error {
	return a.changeQuietly(r, func(ctx context.Context, actor, target social.ID) (social.Relationship, error) {
		return a.Regards.Note(ctx, actor, target, r.params.text("comment"))
	})
}

func (a *API) endorse(r *request) error   { return a.changeQuietly(r, a.Regards.Endorse) }
func (a *API) unendorse(r *request) error { return a.changeQuietly(r, a.Regards.Unendorse) }

func (a *API) ownEndorsements(r *request) error { return a.answerEndorsements(r, r.viewer()) }

func (a *API) endorsements(r *request) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	return a.answerEndorsements(r, account.ID)
}

func (a *API) answerEndorsements(r *request, of social.ID) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	shown, err := a.Store.Endorsements(r.ctx, of, p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(shown)), make([]social.ID, len(shown))
	for i, e := range shown {
		ids[i], cursors[i] = e.TargetID, e.ID
	}
	return a.answerPeople(r, ids, cursors, p.Limit)
}

// removeFollower turns away somebody who follows the sender.
func (a *API) removeFollower(r *request) error {
	return a.changeFollow(r, activitylog.Summary{Type: "Reject", ObjectType: "Follow"},
		func(ctx context.Context, actor, follower social.ID) (social.Relationship, error) {
			return social.Relationship{}, a.Follows.Refuse(ctx, actor, follower)
		})
}
