package api

import "orrery/clientapi"

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
	people, err := a.Store.LocalAccounts(r.ctx)
	if err != nil {
		return clientapi.ServerInfo{}, err
	}
	statuses, err := a.Store.CountLocalStatuses(r.ctx)
	if err != nil {
		return clientapi.ServerInfo{}, err
	}
	pushKey, err := a.PushKey(r.ctx)
	if err != nil {
		return clientapi.ServerInfo{}, err
	}
	joining, err := a.Accounts.Registration(r.ctx)
	if err != nil {
		return clientapi.ServerInfo{}, err
	}
	active, month := int64(0), a.Now().AddDate(0, -1, 0)
	for _, p := range people {
		if p.LastStatusAt.After(month) {
			active++
		}
	}
	return clientapi.ServerInfo{
		Title: a.Info.Title, Description: a.Info.Description, Domain: a.domain(), Version: a.Info.Version,
		SourceURL: a.Info.SourceURL, ContactEmail: a.Info.ContactEmail, StreamingOrigin: a.Info.StreamingOrigin,
		MediaTypes: a.Media.Types(), MaxMediaDescription: a.Media.DescriptionLimit(),
		Quotes: a.Quotes != nil, PushKey: pushKey, Joining: joining, People: int64(len(people)), ActivePeople: active, Statuses: statuses,
	}, nil
}
