package api

import (
	"orrery/clientapi"
	"orrery/social"
)

// listAnnouncements are those that the sender has not dismissed yet.
func (a *API) listAnnouncements(r *request) error {
	vs, err := a.Announcements.Current(r.ctx, r.viewer(), r.params.yes("with_dismissed"))
	if err != nil {
		return err
	}
	out := []clientapi.Announcement{}
	for _, v := range vs {
		out = append(out, clientapi.FromAnnouncement(v, r.render()))
	}
	return r.json(out)
}

func (a *API) dismissAnnouncement(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Announcements.Dismiss(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}

func (a *API) reactToAnnouncement(r *request) error {
	return r.reaction(func(id social.ID, name string) error { return a.Announcements.React(r.ctx, r.viewer(), id, name) })
}

func (a *API) unreactToAnnouncement(r *request) error {
	return r.reaction(func(id social.ID, name string) error { return a.Announcements.Unreact(r.ctx, r.viewer(), id, name) })
}

func (r *request) reaction(do func(id social.ID, name string) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	name, err := r.word("name")
	if err != nil {
		return err
	}
	if err := do(id, name); err != nil {
		return err
	}
	return r.empty()
}
