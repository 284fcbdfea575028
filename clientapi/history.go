package clientapi

import "orrery/social"

// StatusEdit is one version of a status.
type StatusEdit struct {
	Content          string            `json:"content"`
	SpoilerText      string            `json:"spoiler_text"`
	Sensitive        bool              `json:"sensitive"`
	CreatedAt        Time              `json:"created_at"` // of this version
	Poll             *EditPoll         `json:"poll,omitempty"`
	Account          Account           `json:"account"`
	MediaAttachments []MediaAttachment `json:"media_attachments"`
	Emojis           []CustomEmoji     `json:"emojis"`
	Quote            *Quote            `json:"quote"`
}

// EditPoll is what the poll of a version asked.
type EditPoll struct {
	Options []EditPollOption `json:"options"`
}

// EditPollOption is one answer.
type EditPollOption struct {
	Title string `json:"title"`
}

// FromHistory renders the versions of v, in their order.
func FromHistory(v social.StatusView, versions []social.VersionView, r Render) []StatusEdit {
	return each(versions, func(x social.VersionView) StatusEdit {
		shown := v.Status
		shown.Content = x.Version.Content
		out := StatusEdit{
			Content: content(shown, r), SpoilerText: x.Version.SpoilerText, Sensitive: x.Version.Sensitive, CreatedAt: Time{x.Version.At},
			Account: FromAccount(v.Author, r), Emojis: FromStatus(v, r).Emojis,
			MediaAttachments: each(x.Attachments, func(a social.Attachment) MediaAttachment { return FromAttachment(a, r) }),
		}
		if x.Version.Choices != nil {
			out.Poll = &EditPoll{Options: each(x.Version.Choices, func(title string) EditPollOption { return EditPollOption{title} })}
		}
		return out
	})
}
