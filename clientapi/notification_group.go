package clientapi

import (
	"encoding/json"

	"orrery/social"
)

// GroupedNotifications is a page of groups; accounts and statuses are given once and named by their ids.
type GroupedNotifications struct {
	Accounts        []Account           `json:"accounts"`
	PartialAccounts *[]PartialAccount   `json:"partial_accounts,omitempty"`
	Statuses        []Status            `json:"statuses"`
	Groups          []NotificationGroup `json:"notification_groups"`
}

// NotificationGroup is notifications that are shown as one.
type NotificationGroup struct {
	GroupKey         string   `json:"group_key"`
	Count            int64    `json:"notifications_count"`
	Type             string   `json:"type"`
	MostRecentID     string   `json:"most_recent_notification_id"`
	PageMinID        string   `json:"page_min_id,omitempty"`
	PageMaxID        string   `json:"page_max_id,omitempty"`
	LatestAt         *Time    `json:"latest_page_notification_at,omitempty"`
	SampleAccountIDs []string `json:"sample_account_ids"`
	StatusID         *string  `json:"status_id,omitempty"`

	// Of types that this instance does not send.
	Report            json.RawMessage `json:"report,omitempty"`
	Event             json.RawMessage `json:"event,omitempty"`
	ModerationWarning json.RawMessage `json:"moderation_warning,omitempty"`
	AnnualReport      json.RawMessage `json:"annual_report,omitempty"`
	Collection        json.RawMessage `json:"collection,omitempty"`
	Fallback          json.RawMessage `json:"fallback,omitempty"`
}

// PartialAccount is enough of somebody for a small picture.
type PartialAccount struct {
	ID                string `json:"id"`
	Acct              string `json:"acct"`
	URL               string `json:"url"`
	Avatar            string `json:"avatar"`
	AvatarStatic      string `json:"avatar_static"`
	AvatarDescription string `json:"avatar_description"`
	Locked            bool   `json:"locked"`
	Bot               bool   `json:"bot"`
}

// FromNotificationGroups renders vs. With partial, people who are not the latest of a group are given as partial accounts.
func FromNotificationGroups(vs []social.NotificationGroupView, partial bool, r Render) GroupedNotifications {
	out := GroupedNotifications{Accounts: []Account{}, Statuses: []Status{}, Groups: []NotificationGroup{}}
	whole, posts := map[social.ID]bool{}, map[social.ID]bool{}
	for _, v := range vs {
		out.Groups = append(out.Groups, notificationGroup(v))
		for i, a := range v.People {
			if !whole[a.ID] && (i == 0 || !partial) {
				whole[a.ID] = true
				out.Accounts = append(out.Accounts, FromAccount(a, r))
			}
		}
		if v.Status != nil && !posts[v.Status.Status.ID] {
			posts[v.Status.Status.ID] = true
			out.Statuses = append(out.Statuses, FromStatus(*v.Status, r))
		}
	}
	if !partial {
		return out
	}
	rest := []PartialAccount{}
	for _, v := range vs {
		for _, a := range v.People {
			if !whole[a.ID] {
				whole[a.ID] = true
				rest = append(rest, partialAccount(FromAccount(a, r)))
			}
		}
	}
	out.PartialAccounts = &rest
	return out
}

func notificationGroup(v social.NotificationGroupView) NotificationGroup {
	g := v.Group
	return NotificationGroup{
		GroupKey: g.Key, Count: g.Count, Type: string(g.Newest.Type), MostRecentID: g.Newest.ID.String(),
		PageMinID: g.FirstID.String(), PageMaxID: g.Newest.ID.String(), LatestAt: timeOrNull(g.Newest.CreatedAt),
		SampleAccountIDs: each(v.People, func(a social.Account) string { return a.ID.String() }), StatusID: id(g.Newest.StatusID),
	}
}

func partialAccount(a Account) PartialAccount {
	return PartialAccount{
		ID: a.ID, Acct: a.Acct, URL: a.URL, Avatar: a.Avatar, AvatarStatic: a.AvatarStatic, AvatarDescription: a.AvatarDescription,
		Locked: a.Locked, Bot: a.Bot,
	}
}
