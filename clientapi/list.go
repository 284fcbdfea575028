package clientapi

import "orrery/social"

// List is some of the people whom the viewer follows.
type List struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	RepliesPolicy string `json:"replies_policy"` // list, followed, none
	Exclusive     bool   `json:"exclusive"`
}

// FromList renders l.
func FromList(l social.List) List {
	return List{ID: l.ID.String(), Title: l.Title, RepliesPolicy: string(l.Replies), Exclusive: l.Exclusive}
}

// FromLists renders lists.
func FromLists(ls []social.List) []List { return each(ls, FromList) }

// Conversation is private talk as the viewer has it.
type Conversation struct {
	ID         string    `json:"id"`
	Unread     bool      `json:"unread"`
	Accounts   []Account `json:"accounts"`
	LastStatus *Status   `json:"last_status"`
}

// FromTalk renders v.
func FromTalk(v social.TalkView, r Render) Conversation {
	out := Conversation{ID: v.Talk.ID.String(), Unread: v.Talk.Unread, Accounts: FromAccounts(v.People, r)}
	if v.Last != nil {
		s := FromStatus(*v.Last, r)
		out.LastStatus = &s
	}
	return out
}
