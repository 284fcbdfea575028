package clientapi

import "orrery/social"

// Relationship is how the viewer stands to an account.
type Relationship struct {
	ID                  string    `json:"id"`
	Following           bool      `json:"following"`
	ShowingReblogs      bool      `json:"showing_reblogs"`
	Notifying           bool      `json:"notifying"`
	Languages           *[]string `json:"languages"`
	FollowedBy          bool      `json:"followed_by"`
	Blocking            bool      `json:"blocking"`
	BlockedBy           bool      `json:"blocked_by"`
	Muting              bool      `json:"muting"`
	MutingNotifications bool      `json:"muting_notifications"`
	MutingExpiresAt     *Time     `json:"muting_expires_at"`
	Requested           bool      `json:"requested"`
	RequestedBy         bool      `json:"requested_by"`
	DomainBlocking      bool      `json:"domain_blocking"`
	Endorsed            bool      `json:"endorsed"`
	Note                string    `json:"note"`
}

// FromRelationship renders rel. requestedBy says that the other waits to follow the viewer.
func FromRelationship(rel social.Relationship, requestedBy bool) Relationship {
	return Relationship{
		ID: rel.ID.String(), Following: rel.Following, ShowingReblogs: rel.Following,
		FollowedBy: rel.FollowedBy, Requested: rel.Requested, RequestedBy: requestedBy,
	}
}
