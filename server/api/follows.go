package api

import (
	"context"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

func (a *API) follow(r *request) error {
	terms := social.FollowTerms{Boosts: r.params.flag("reblogs"), Notify: r.params.flag("notify")}
	if r.params.given("languages") != nil {
		languages := r.languages()
		terms.Languages = &languages
	}
	return a.changeFollow(r, activitylog.Summary{Type: "Follow"},
		func(ctx context.Context, actor, target social.ID) (social.Relationship, error) {
			return a.Follows.FollowAs(ctx, actor, target, terms)
		})
}

// maxLanguages bounds how many languages a follow may name.
const maxLanguages = 50

// languages are the codes asked for, each once; what cannot be a code is left out.
func (r *request) languages() []string {
	var out []string
	for _, code := range r.params.list("languages") {
		if len(code) <= 16 && !strings.ContainsAny(code, " \t\n") && !slices.Contains(out, code) && len(out) < maxLanguages {
			out = append(out, code)
		}
	}
	return out
}

func (a *API) unfollow(r *request) error {
	return a.changeFollow(r, activitylog.Summary{Type: "Undo", ObjectType: "Follow"}, a.Follows.Unfollow)
}

func (a *API) changeFollow(r *request, what activitylog.Summary, do func(ctx context.Context, actor, target social.ID) (social.Relationship, error)) error {
	target, err := a.account(r)
	if err != nil {
		return err
	}
	what.Object = target.URI
	defer r.act(what)()
	if _, err := do(r.ctx, r.viewer(), target.ID); err != nil {
		return err
	}
	return a.answerRelationship(r, target.ID)
}

// followRequests lists who waits to follow the sender.
func (a *API) followRequests(r *request) error {
	return a.answerFollows(r, r.viewer(), a.Store.FollowRequests, func(f social.Follow) social.ID { return f.AccountID })
}

func (a *API) authorizeFollow(r *request) error {
	return a.decideFollow(r, activitylog.Summary{Type: "Accept", ObjectType: "Follow"}, a.Follows.Authorize)
}

func (a *API) rejectFollow(r *request) error {
	return a.decideFollow(r, activitylog.Summary{Type: "Reject", ObjectType: "Follow"}, a.Follows.Refuse)
}

// decideFollow answers a request that waits. Who follows already is not thrown out by it.
func (a *API) decideFollow(r *request, what activitylog.Summary, do func(ctx context.Context, target, follower social.ID) error) error {
	follower, err := a.account(r)
	if err != nil {
		return err
	}
	follow, err := a.Store.FollowBetween(r.ctx, follower.ID, r.viewer())
	if err != nil {
		return err
	}
	if !follow.Pending {
		return errNotFound
	}
	what.Object = follow.URI
	defer r.act(what)()
	if err := do(r.ctx, r.viewer(), follower.ID); err != nil {
		return err
	}
	return a.answerRelationship(r, follower.ID)
}

// maxRelationships bounds one question.
const maxRelationships = 200

// listRelationships says how the sender stands to those of id[] that exist.
func (a *API) listRelationships(r *request) error {
	ids := r.params.ids("id")
	if len(ids) > maxRelationships {
		return unprocessable("At most %d relationships can be asked for at once.", maxRelationships)
	}
	people, err := a.people(r.ctx, ids)
	if err != nil {
		return err
	}
	ids = ids[:0]
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	rels, err := a.relationships(r, ids)
	if err != nil {
		return err
	}
	return r.json(rels)
}

func (a *API) answerRelationship(r *request, other social.ID) error {
	rels, err := a.relationships(r, []social.ID{other})
	if err != nil {
		return err
	}
	return r.json(rels[0])
}

func (a *API) relationships(r *request, others []social.ID) ([]clientapi.Relationship, error) {
	out := []clientapi.Relationship{}
	if len(others) == 0 {
		return out, nil
	}
	rels, err := a.Reader.Relationships(r.ctx, r.viewer(), others)
	if err != nil {
		return nil, err
	}
	for _, rel := range rels {
		out = append(out, clientapi.FromRelationship(rel))
	}
	return out, nil
}
