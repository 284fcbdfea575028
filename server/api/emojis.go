package api

import "orrery/clientapi"

// listEmojis gives those of this instance that people pick from.
func (a *API) listEmojis(r *request) error {
	local, err := a.Store.LocalEmojis(r.ctx)
	if err != nil {
		return err
	}
	out := []clientapi.CustomEmoji{}
	for _, e := range local {
		if e.Offered() {
			out = append(out, clientapi.FromPickerEmoji(e, r.render()))
		}
	}
	return r.json(out)
}
