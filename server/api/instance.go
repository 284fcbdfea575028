package api

import (
	"time"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) instance(r *request) error {
	info, err := a.server(r)
	if err != nil {
		return err
	}
	out := clientapi.FromServer(info, r.render())
	rules, err := a.Store.InstanceRules(r.ctx)
	if err != nil {
		return err
	}
	out.Rules = clientapi.FromRules(rules)
	return r.json(out)
}

func (a *API) instanceV1(r *request) error {
	info, err := a.server(r)
	if err != nil {
		return err
	}
	out := clientapi.FromServerV1(info, r.render())
	rules, err := a.Store.InstanceRules(r.ctx)
	if err != nil {
		return err
	}
	out.Rules = clientapi.FromRules(rules)
	return r.json(out)
}

// server is what the instance says about itself, with its counts of now.
func (a *API) server(r *request) (clientapi.ServerInfo, error) {
	info := clientapi.ServerInfo{
		Title: a.Info.Title, Description: a.Info.Description, Domain: a.domain(), Version: a.Info.Version,
		SourceURL: a.Info.SourceURL, ContactEmail: a.Info.ContactEmail, StreamingOrigin: a.Info.StreamingOrigin,
		MediaTypes: a.Media.Types(), MaxMediaDescription: a.Media.DescriptionLimit(),
		Quotes: a.Quotes != nil, LimitedFederation: a.Info.LimitedFederation,
	}
	var err error
	if info.PushKey, err = a.PushKey(r.ctx); err != nil {
		return info, err
	}
	if info.People, err = a.Store.CountPeople(r.ctx, time.Time{}); err != nil {
		return info, err
	}
	if info.ActivePeople, err = a.Store.CountPeople(r.ctx, a.Now().AddDate(0, -1, 0)); err != nil {
		return info, err
	}
	if info.Statuses, err = a.Store.CountLocalStatuses(r.ctx); err != nil {
		return info, err
	}
	if info.Domains, err = a.Store.CountPeers(r.ctx); err != nil {
		return info, err
	}
	if info.Contact, err = a.contact(r); err != nil {
		return info, err
	}
	if info.Joining, err = a.Accounts.Registration(r.ctx); err != nil {
		return info, err
	}
	for name, there := range map[string]*bool{social.SitePrivacy: &info.Privacy, social.SiteTerms: &info.Terms} {
		t, err := a.Store.SiteText(r.ctx, name)
		if err != nil {
			return info, err
		}
		*there = t.Content != ""
	}
	return info, nil
}

// contact is the first of those who own the server, nil when nobody does.
func (a *API) contact(r *request) (*social.Account, error) {
	owners, err := a.Store.Staff(r.ctx, []social.Role{social.RoleOwner})
	if err != nil || len(owners) == 0 {
		return nil, err
	}
	people, err := a.people(r.ctx, owners[:1])
	if err != nil || len(people) == 0 {
		return nil, err
	}
	return &people[0], nil
}
