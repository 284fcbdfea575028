package clientapi

import "orrery/social"

// Marker says how far the viewer has read a timeline.
type Marker struct {
	LastReadID string `json:"last_read_id"`
	Version    int64  `json:"version"`
	UpdatedAt  Time   `json:"updated_at"`
}

// FromMarkers renders ms by timeline; never nil.
func FromMarkers(ms []social.Marker) map[string]Marker {
	out := map[string]Marker{}
	for _, m := range ms {
		out[m.Timeline] = Marker{LastReadID: m.LastReadID.String(), Version: m.Version, UpdatedAt: Time{m.UpdatedAt}}
	}
	return out
}
