package clientapi

import (
	"encoding/json"

	"orrery/social"
)

// Notification tells the viewer what somebody did.
type Notification struct {
	ID        string  `json:"id"`
	Type      string  `json:"type"`
	CreatedAt Time    `json:"created_at"`
	GroupKey  string  `json:"group_key"`
	Account   Account `json:"account"`
	Status    *Status `json:"status,omitempty"`
	Filtered  bool    `json:"filtered,omitempty"`

	Report            *Report         `json:"report,omitempty"`
	Event             *SeveranceEvent `json:"event,omitempty"`
	ModerationWarning *AccountWarning `json:"moderation_warning,omitempty"`

	// Of types that this instance does not send.
	Fallback   json.RawMessage `json:"fallback,omitempty"`
	Collection json.RawMessage `json:"collection,omitempty"`
}

// FromNotification renders v.
func FromNotification(v social.NotificationView, r Render) Notification {
	n := v.Notification
	out := Notification{
		ID: n.ID.String(), Type: string(n.Type), CreatedAt: Time{n.CreatedAt},
		GroupKey: "ungrouped-" + n.ID.String(), Account: FromAccount(v.From, r),
	}
	if n.GroupKey != "" {
		out.GroupKey = n.GroupKey
	}
	out.Filtered = n.Filtered
	if v.Status != nil {
		s := FromStatus(*v.Status, r)
		out.Status = &s
	}
	switch {
	case v.Report != nil && v.Target != nil:
		x := FromReport(*v.Report, *v.Target, r)
		out.Report = &x
	case v.Severance != nil:
		x := FromSeverance(*v.Severance)
		out.Event = &x
	case v.Warning != nil:
		x := FromWarning(*v.Warning, v.From, r) // it comes from the person themselves
		out.ModerationWarning = &x
	}
	return out
}
