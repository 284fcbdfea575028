package api

import (
	"strconv"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// pollDraft reads the poll of a new post; nil when there is none.
func pollDraft(p params) (*social.PollDraft, error) {
	options := p.list("poll[options]")
	if len(options) == 0 {
		return nil, nil
	}
	seconds, err := p.number("poll[expires_in]", 0)
	if err != nil {
		return nil, err
	}
	return &social.PollDraft{
		Options: options, Multiple: p.yes("poll[multiple]"), HideTotals: p.yes("poll[hide_totals]"), ExpiresIn: time.Duration(seconds) * time.Second,
	}, nil
}

// showPoll answers with the poll as it is known; one of another server that was read long ago is read again.
func (a *API) showPoll(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	v, err := a.Polls.Show(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromPoll(v, r.render()))
}

// vote chooses by position and answers with the poll.
func (a *API) vote(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	var choices []int
	for _, word := range r.params.list("choices") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return malformed("choices must be positions: whole numbers from 0.")
		}
		choices = append(choices, n)
	}
	v, err := a.Reader.Status(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Create", ObjectType: "Note", Object: v.Status.URI})()
	if err := a.Polls.Vote(r.ctx, r.viewer(), id, choices); err != nil {
		return err
	}
	if v, err = a.Reader.Status(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.json(clientapi.FromPoll(v, r.render()))
}
