package clientapi

import (
	"time"

	"orrery/social"
)

// ScheduledStatus is a post of the viewer's that is to come.
type ScheduledStatus struct {
	ID               string            `json:"id"`
	ScheduledAt      Time              `json:"scheduled_at"`
	Params           ScheduledParams   `json:"params"`
	MediaAttachments []MediaAttachment `json:"media_attachments"`
}

// ScheduledParams are what was sent to make it.
type ScheduledParams struct {
	Text          string         `json:"text"`
	Poll          *ScheduledPoll `json:"poll"`
	MediaIDs      *[]string      `json:"media_ids"`
	Sensitive     *bool          `json:"sensitive"`
	SpoilerText   *string        `json:"spoiler_text"`
	Visibility    string         `json:"visibility"`
	InReplyToID   *social.ID     `json:"in_reply_to_id"` // a number, as Mastodon's
	Language      *string        `json:"language"`
	ApplicationID social.ID      `json:"application_id"` // a number, as Mastodon's
	ScheduledAt   *Time          `json:"scheduled_at"`   // always null
	Idempotency   *string        `json:"idempotency"`
	WithRateLimit bool           `json:"with_rate_limit"`
}

// ScheduledPoll is the poll of such a post.
type ScheduledPoll struct {
	Options    []string `json:"options"`
	ExpiresIn  int64    `json:"expires_in"` // seconds
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
}

// FromScheduled renders s with its uploads.
func FromScheduled(s social.Scheduled, media []social.Attachment, r Render) ScheduledStatus {
	d := s.Draft
	out := ScheduledStatus{
		ID: s.ID.String(), ScheduledAt: Time{s.At},
		Params: ScheduledParams{
			Text: d.Text, Sensitive: &d.Sensitive, SpoilerText: orNull(d.SpoilerText), Visibility: string(d.Visibility),
			Language: orNull(d.Language), ApplicationID: s.AppID, Idempotency: orNull(d.IdempotencyKey),
		},
		MediaAttachments: each(media, func(a social.Attachment) MediaAttachment { return FromAttachment(a, r) }),
	}
	if d.ReplyTo != 0 {
		out.Params.InReplyToID = &d.ReplyTo
	}
	if len(d.MediaIDs) > 0 {
		ids := each(d.MediaIDs, social.ID.String)
		out.Params.MediaIDs = &ids
	}
	if p := d.Poll; p != nil {
		out.Params.Poll = &ScheduledPoll{Options: append([]string{}, p.Options...), ExpiresIn: int64(p.ExpiresIn / time.Second), Multiple: p.Multiple, HideTotals: p.HideTotals}
	}
	return out
}
