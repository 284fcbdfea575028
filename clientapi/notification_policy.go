package clientapi

import (
	"strconv"

	"orrery/social"
)

// NotificationPolicy is what the viewer wants done with notifications by people of each kind: accept, filter, drop.
type NotificationPolicy struct {
	ForNotFollowing    string         `json:"for_not_following"`
	ForNotFollowers    string         `json:"for_not_followers"`
	ForNewAccounts     string         `json:"for_new_accounts"`
	ForPrivateMentions string         `json:"for_private_mentions"`
	ForLimitedAccounts string         `json:"for_limited_accounts"`
	ForBots            string         `json:"for_bots"`
	Summary            PendingSummary `json:"summary"`
}

// PendingSummary counts what waits for the viewer's word.
type PendingSummary struct {
	Requests      int64 `json:"pending_requests_count"`
	Notifications int64 `json:"pending_notifications_count"`
}

// FromPolicy renders p.
func FromPolicy(p social.NotificationPolicy, requests, notifications int64) NotificationPolicy {
	return NotificationPolicy{
		ForNotFollowing: string(p.NotFollowing), ForNotFollowers: string(p.NotFollowers), ForNewAccounts: string(p.NewAccounts),
		ForPrivateMentions: string(p.PrivateMentions), ForLimitedAccounts: string(p.LimitedAccounts), ForBots: string(p.Bots),
		Summary: PendingSummary{requests, notifications},
	}
}

// NotificationPolicyV1 is the first form of it: filtered or not.
type NotificationPolicyV1 struct {
	FilterNotFollowing    bool           `json:"filter_not_following"`
	FilterNotFollowers    bool           `json:"filter_not_followers"`
	FilterNewAccounts     bool           `json:"filter_new_accounts"`
	FilterPrivateMentions bool           `json:"filter_private_mentions"`
	FilterBots            bool           `json:"filter_bots"`
	Summary               PendingSummary `json:"summary"`
}

// FromPolicyV1 renders p.
func FromPolicyV1(p social.NotificationPolicy, requests, notifications int64) NotificationPolicyV1 {
	held := func(t social.Treatment) bool { return t != social.TreatAccept }
	return NotificationPolicyV1{
		FilterNotFollowing: held(p.NotFollowing), FilterNotFollowers: held(p.NotFollowers), FilterNewAccounts: held(p.NewAccounts),
		FilterPrivateMentions: held(p.PrivateMentions), FilterBots: held(p.Bots), Summary: PendingSummary{requests, notifications},
	}
}

// NotificationRequest asks whether the viewer wants to hear of somebody.
type NotificationRequest struct {
	ID                 string  `json:"id"`
	CreatedAt          Time    `json:"created_at"`
	UpdatedAt          Time    `json:"updated_at"`
	NotificationsCount string  `json:"notifications_count"`
	Account            Account `json:"account"`
	LastStatus         *Status `json:"last_status,omitempty"`
}

// FromRequest renders n by from; last may be nil.
func FromRequest(n social.NotificationRequest, from social.Account, last *social.StatusView, r Render) NotificationRequest {
	out := NotificationRequest{
		ID: n.ID.String(), CreatedAt: Time{n.CreatedAt}, UpdatedAt: Time{n.UpdatedAt},
		NotificationsCount: strconv.FormatInt(n.Count, 10), Account: FromAccount(from, r),
	}
	if last != nil {
		s := FromStatus(*last, r)
		out.LastStatus = &s
	}
	return out
}
