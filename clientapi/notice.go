package clientapi

import "orrery/social"

// SeveranceEvent tells how many follows ended by one decision.
type SeveranceEvent struct {
	ID             string `json:"id"`
	Type           string `json:"type"`
	Purged         bool   `json:"purged"` // which follows they were is not kept, so always true
	TargetName     string `json:"target_name"`
	FollowersCount int64  `json:"followers_count"`
	FollowingCount int64  `json:"following_count"`
	CreatedAt      Time   `json:"created_at"`
}

// FromSeverance renders s.
func FromSeverance(s social.Severance) SeveranceEvent {
	return SeveranceEvent{
		ID: s.ID.String(), Type: string(s.Kind), Purged: true, TargetName: s.Target,
		FollowersCount: s.Followers, FollowingCount: s.Following, CreatedAt: Time{s.CreatedAt},
	}
}

// AccountWarning is what a moderator did to somebody, and said.
type AccountWarning struct {
	ID            string    `json:"id"`
	Action        string    `json:"action"`
	Text          string    `json:"text"`
	StatusIDs     *[]string `json:"status_ids"` // null: warnings here are about accounts
	TargetAccount Account   `json:"target_account"`
	Appeal        *struct{} `json:"appeal"` // null: there are no appeals here
	CreatedAt     Time      `json:"created_at"`
}

// FromWarning renders w, which went to target.
func FromWarning(w social.Warning, target social.Account, r Render) AccountWarning {
	return AccountWarning{
		ID: w.ID.String(), Action: string(w.Action), Text: w.Text, TargetAccount: FromAccount(target, r), CreatedAt: Time{w.CreatedAt},
	}
}
