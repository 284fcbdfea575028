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

	// Of types that this instance does not send.
	Report            json.RawMessage `json:"report,omitempty"`
	Event             json.RawMessage `json:"event,omitempty"`
	ModerationWarning json.RawMessage `json:"moderation_warning,omitempty"`
	Fallback          json.RawMessage `json:"fallback,omitempty"`
	Collection        json.RawMessage `json:"collection,omitempty"`
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
	return out
}
