package api

import (
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

// listMarkers gives those of timeline[] that were set.
func (a *API) listMarkers(r *request) error {
	all, err := a.Store.Markers(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	wanted := r.params.list("timeline")
	return r.json(clientapi.FromMarkers(slices.DeleteFunc(all, func(m social.Marker) bool { return !slices.Contains(wanted, m.Timeline) })))
}

// setMarkers moves the markers that are sent, all or none.
func (a *API) setMarkers(r *request) error {
	to := map[string]social.ID{}
	for _, timeline := range social.MarkedTimelines() {
		id, err := r.params.id(timeline + "[last_read_id]")
		if err != nil {
			return err
		}
		if id != 0 {
			to[timeline] = id
		}
	}
	var set []social.Marker
	for timeline, id := range to {
		m, err := a.Store.PutMarker(r.ctx, r.viewer(), timeline, id, a.Now())
		if err != nil {
			return err
		}
		set = append(set, m)
	}
	return r.json(clientapi.FromMarkers(set))
}
