package api

import (
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// scheduledAt is when to publish, zero for now: nothing was said, or a time that is over.
func scheduledAt(p params, now time.Time) (time.Time, error) {
	word := p.text("scheduled_at")
	if word == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, word)
	if err != nil || at.Year() > 9999 {
		return time.Time{}, unprocessable("Invalid date supplied")
	}
	if !at.After(now) {
		return time.Time{}, nil
	}
	return at, nil
}

// schedule keeps a draft for later.
func (a *API) schedule(r *request, at time.Time, d social.Draft) error {
	s, err := a.Schedule.Add(r.ctx, r.viewer(), r.token.AppID, at, d)
	if err != nil {
		return err
	}
	return a.answerScheduled(r, s)
}

func (a *API) answerScheduled(r *request, s social.Scheduled) error {
	out, err := a.renderScheduled(r, []social.Scheduled{s})
	if err != nil {
		return err
	}
	return r.json(out[0])
}

func (a *API) renderScheduled(r *request, all []social.Scheduled) ([]clientapi.ScheduledStatus, error) {
	var ids []social.ID
	for _, s := range all {
		ids = append(ids, s.Draft.MediaIDs...)
	}
	found, err := a.Store.AttachmentsByID(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []clientapi.ScheduledStatus{}
	for _, s := range all {
		var media []social.Attachment
		for _, id := range s.Draft.MediaIDs {
			if m, ok := found[id]; ok {
				media = append(media, m)
			}
		}
		out = append(out, clientapi.FromScheduled(s, media, r.render()))
	}
	return out, nil
}

func (a *API) listScheduled(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	all, err := a.Store.ScheduledOf(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	out, err := a.renderScheduled(r, all)
	if err != nil {
		return err
	}
	cursors := make([]social.ID, len(all))
	for i, s := range all {
		cursors[i] = s.ID
	}
	r.linkStatuses(cursors)
	return r.json(out)
}

func (a *API) showScheduled(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	s, err := a.Store.ScheduledByID(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	return a.answerScheduled(r, s)
}

// moveScheduled changes when, and nothing else.
func (a *API) moveScheduled(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if _, err := a.Store.ScheduledByID(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	at, err := scheduledAt(r.params, time.Time{})
	if err != nil {
		return err
	}
	s, err := a.Schedule.Move(r.ctx, r.viewer(), id, at)
	if err != nil {
		return err
	}
	return a.answerScheduled(r, s)
}

func (a *API) deleteScheduled(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Store.DeleteScheduled(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}
