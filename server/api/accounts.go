package api

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
	"orrery/social/richtext"
)

func (a *API) showAccount(r *request) error {
	account, err := a.account(r)
	if err == nil {
		err = a.Reader.Dress(r.ctx, &account)
	}
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAccount(account, r.render()))
}

// account is the one of the path.
func (a *API) account(r *request) (social.Account, error) {
	id, err := r.id()
	if err != nil {
		return social.Account{}, err
	}
	account, err := a.Store.AccountByID(r.ctx, id)
	if err == nil && account.Waiting && id != r.viewer() {
		return account, errNotFound
	}
	return account, err
}

// subject is account for staff, who see those who wait to be let in.
func (a *API) subject(r *request) (social.Account, error) {
	id, err := r.id()
	if err != nil {
		return social.Account{}, err
	}
	return a.Store.AccountByID(r.ctx, id)
}

// listAccounts gives those of id[] that exist.
func (a *API) listAccounts(r *request) error {
	ids := r.params.ids("id")
	if len(ids) > accountsPage {
		return unprocessable("At most %d accounts can be asked for at once.", accountsPage)
	}
	people, err := a.people(r.ctx, ids)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAccounts(people, r.render()))
}

// lookupAccount finds an account that is known here. It asks nobody else.
func (a *API) lookupAccount(r *request) error {
	handle := r.params.text("acct")
	if handle == "" {
		return missing("acct")
	}
	user, domain, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(handle), "@"), "@")
	account, err := a.Store.AccountByHandle(r.ctx, user, a.foreign(domain))
	if err == nil && account.Waiting {
		err = errNotFound
	}
	if err == nil {
		err = a.Reader.Dress(r.ctx, &account)
	}
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAccount(account, r.render()))
}

// foreign is the domain of a handle as it is stored: "" for this server's own, with or without its port, else ASCII.
func (a *API) foreign(domain string) string {
	domain = strings.ToLower(domain)
	if ascii, err := idna.Punycode.ToASCII(domain); err == nil {
		domain = ascii
	}
	for _, own := range []string{a.domain(), a.URLs.Host()} {
		bare, _, _ := strings.Cut(own, ":")
		if domain == strings.ToLower(own) || domain == strings.ToLower(bare) {
			return ""
		}
	}
	return domain
}

// accountTimeline lists an account's posts as the sender may see them.
func (a *API) accountTimeline(r *request) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	if r.params.yes("pinned") {
		return a.pinned(r, account.ID)
	}
	filter := social.AccountFilter{
		ExcludeReplies: r.params.yes("exclude_replies"), ExcludeBoosts: r.params.yes("exclude_reblogs"), OnlyMedia: r.params.yes("only_media"),
	}
	if tagged := r.params.text("tagged"); tagged != "" {
		if filter.Tag = richtext.NormalizeTag(tagged); filter.Tag == "" {
			return emptyList(r)
		}
	}
	vs, err := a.Reader.AccountTimeline(r.ctx, r.viewer(), account.ID, filter, p)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(vs))
	for i, v := range vs {
		ids[i] = v.Status.ID
	}
	r.linkStatuses(ids)
	return r.statuses(vs)
}

func (a *API) followers(r *request) error {
	return a.neighbours(r, a.Store.Followers, func(f social.Follow) social.ID { return f.AccountID })
}

func (a *API) following(r *request) error {
	return a.neighbours(r, a.Store.Following, func(f social.Follow) social.ID { return f.TargetID })
}

// neighbours lists one side of an account's follows. The cursor is the follow's id, which nobody sees elsewhere.
func (a *API) neighbours(r *request, list func(context.Context, social.ID, social.Page) ([]social.Follow, error), side func(social.Follow) social.ID) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	if account.HideCollections && account.ID != r.viewer() {
		return r.json([]clientapi.Account{})
	}
	return a.answerFollows(r, account.ID, list, side)
}

func (a *API) answerFollows(r *request, of social.ID, list func(context.Context, social.ID, social.Page) ([]social.Follow, error), side func(social.Follow) social.ID) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	follows, err := list(r.ctx, of, p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(follows)), make([]social.ID, len(follows))
	for i, f := range follows {
		ids[i], cursors[i] = side(f), f.ID
	}
	load := a.peopleFor
	if of == r.viewer() { // of one's own nothing is hidden
		load = func(r *request, ids []social.ID) ([]social.Account, error) { return a.people(r.ctx, ids) }
	}
	people, err := load(r, ids)
	if err != nil {
		return err
	}
	r.linkAccounts(cursors, p.Limit)
	return r.json(clientapi.FromAccounts(people, r.render()))
}

// searchAccounts finds people by name or handle; with resolve, also those that only another server knows.
func (a *API) searchAccounts(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	limit, err := r.limit(accountsPage)
	if err != nil {
		return err
	}
	offset, err := r.offset()
	if err != nil {
		return err
	}
	if r.params.yes("resolve") && r.viewer() != 0 {
		defer r.act(activitylog.Summary{Type: "Search", Object: q})()
	}
	found, err := a.Searches.Find(r.ctx, r.viewer(), q, r.params.yes("resolve"), offset+limit)
	if err != nil {
		return err
	}
	if found.Accounts, err = a.onlyFollowed(r, found.Accounts); err != nil {
		return err
	}
	return r.json(clientapi.FromAccounts(part(found.Accounts, offset, limit), r.render()))
}

// onlyFollowed leaves out whom the sender does not follow, if following was asked for, and dresses the rest.
func (a *API) onlyFollowed(r *request, people []social.Account) ([]social.Account, error) {
	if !r.params.yes("following") || len(people) == 0 {
		return people, a.dress(r.ctx, people)
	}
	ids := make([]social.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	follows, err := a.Store.Follows(r.ctx, r.viewer(), ids)
	if err == nil {
		err = a.dress(r.ctx, people)
	}
	return slices.DeleteFunc(people, func(p social.Account) bool { return !follows[p.ID] }), err
}

// part is at most limit of list after offset.
func part[T any](list []T, offset, limit int) []T {
	list = list[min(offset, len(list)):]
	return list[:min(limit, len(list))]
}
