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

// FromRelationship renders rel.
func FromRelationship(rel social.Relationship) Relationship {
	out := Relationship{
		ID: rel.ID.String(), Following: rel.Following, ShowingReblogs: rel.ShowingBoosts, Notifying: rel.Notifying,
		FollowedBy: rel.FollowedBy, Blocking: rel.Blocking, BlockedBy: rel.BlockedBy, Muting: rel.Muting,
		MutingNotifications: rel.MutingNotifications, Requested: rel.Requested, RequestedBy: rel.RequestedBy,
		DomainBlocking: rel.DomainBlocking, Endorsed: rel.Endorsed, Note: rel.Note,
	}
	if len(rel.Languages) > 0 {
		out.Languages = &rel.Languages
	}
	if !rel.MutingExpiresAt.IsZero() {
		out.MutingExpiresAt = &Time{rel.MutingExpiresAt}
	}
	return out
}

// MutedAccount is somebody whom the viewer mutes.
type MutedAccount struct {
	Account
	MuteExpiresAt *Time `json:"mute_expires_at"`
}

// FromMute renders a, whom m mutes.
func FromMute(a social.Account, m social.Mute, r Render) MutedAccount {
	out := MutedAccount{Account: FromAccount(a, r)}
	if !m.ExpiresAt.IsZero() {
		out.MuteExpiresAt = &Time{m.ExpiresAt}
	}
	return out
}
