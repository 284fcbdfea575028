package clientapi

import (
	"cmp"
	"slices"

	"orrery/social"
	"orrery/social/richtext"
)

// WebPushSubscription is where a program is told of notifications while it does not run.
type WebPushSubscription struct {
	ID        string          `json:"id"`
	Endpoint  string          `json:"endpoint"`
	Standard  bool            `json:"standard"`
	Alerts    map[string]bool `json:"alerts"`
	Policy    string          `json:"policy"`
	ServerKey string          `json:"server_key"`
}

// PushAlerts are the types of notifications that programs may ask to be pushed.
func PushAlerts() []social.NotificationType {
	return []social.NotificationType{
		social.NotifyMention, social.NotifyStatus, social.NotifyReblog, social.NotifyFollow, social.NotifyFollowRequest,
		social.NotifyFavourite, social.NotifyPoll, social.NotifyUpdate, "quote", "quoted_update", social.NotifySignUp, social.NotifyReport,
	}
}

// FromPushSubscription renders p; serverKey is this server's public key.
func FromPushSubscription(p social.PushSubscription, serverKey string) WebPushSubscription {
	out := WebPushSubscription{
		ID: p.ID.String(), Endpoint: p.Endpoint, Standard: p.Standard, Alerts: map[string]bool{}, Policy: string(p.Policy), ServerKey: serverKey,
	}
	for _, t := range PushAlerts() {
		out.Alerts[string(t)] = slices.Contains(p.Alerts, t)
	}
	return out
}

// WebPushMessage is what a program finds in a push message once it has decrypted it.
type WebPushMessage struct {
	AccessToken      string `json:"access_token"`
	PreferredLocale  string `json:"preferred_locale"`
	NotificationID   int64  `json:"notification_id"` // a number, alone among ids, as Mastodon sends it
	NotificationType string `json:"notification_type"`
	Icon             string `json:"icon"`
	Title            string `json:"title"`
	Body             string `json:"body"`
}

// Push services take 4,096 bytes, so a message says at most so many characters of a post and of a name, and names an image
// of at most so many bytes.
const (
	maxPushBody = 140
	maxPushName = 80
	maxPushIcon = 1000
)

// FromPush renders v for p in the person's language.
func FromPush(v social.NotificationView, p social.PushSubscription, language string, r Render) WebPushMessage {
	n := v.Notification
	from := FromAccount(v.From, r)
	out := WebPushMessage{
		AccessToken: p.AccessToken, PreferredLocale: cmp.Or(language, "en"), NotificationID: int64(n.ID), NotificationType: string(n.Type),
		Icon: from.Avatar, Title: shorten(cmp.Or(from.DisplayName, from.Username), maxPushName) + " " + did(n.Type), Body: richtext.Excerpt(v.From.Note, maxPushBody),
	}
	if len(out.Icon) > maxPushIcon {
		out.Icon = r.placeholder()
	}
	if v.Status != nil {
		s := v.Status.Proper().Status
		// A warning stands in for what it hides.
		if out.Body = richtext.Excerpt(s.Content, maxPushBody); s.SpoilerText != "" {
			out.Body = shorten(s.SpoilerText, maxPushBody)
		}
	}
	return out
}

// did says what somebody did.
func did(t social.NotificationType) string {
	switch t {
	case social.NotifyMention:
		return "mentioned you"
	case social.NotifyReblog:
		return "boosted your post"
	case social.NotifyFavourite:
		return "favourited your post"
	case social.NotifyFollow:
		return "is now following you"
	case social.NotifyFollowRequest:
		return "asks to follow you"
	case social.NotifyStatus:
		return "has posted"
	case social.NotifyUpdate:
		return "edited a post"
	case social.NotifyPoll:
		return "ran a poll that has ended"
	case social.NotifySignUp:
		return "has joined"
	case social.NotifyReport:
		return "filed a report"
	}
	return "did something that concerns you"
}

func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
