package api

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/social/richtext"
)

// draft reads what to post. What is left out comes from the person's settings.
func (a *API) draft(r *request) (social.Draft, error) {
	p := r.params
	parent := p.text("in_reply_to_id")
	parentID, ok := social.ParseID(parent)
	if parent != "" && !ok {
		return social.Draft{}, &problem{status: fiber.StatusNotFound, message: "The post you are answering does not exist here any more, or you may not see it."}
	}
	poll, err := pollDraft(p)
	if err != nil {
		return social.Draft{}, err
	}
	media, err := mediaIDs(p)
	if err != nil {
		return social.Draft{}, err
	}
	quote, err := quoted(p)
	if err != nil {
		return social.Draft{}, err
	}
	user, err := a.user(r)
	if err != nil {
		return social.Draft{}, err
	}
	visibility := social.Visibility(p.text("visibility"))
	if visibility == "" {
		visibility = user.DefaultVisibility
	}
	return social.Draft{
		Text: p.text("status"), SpoilerText: p.text("spoiler_text"), Visibility: visibility, Sensitive: sensitive(p, user),
		Language: language(p.text("language"), user.DefaultLanguage), ReplyTo: parentID, Poll: poll, MediaIDs: media, Quote: quote, QuotePolicy: quotePolicy(p, user),
		IdempotencyKey: idempotencyKey(r.Get("Idempotency-Key")),
	}, nil
}

// mediaIDs are the uploads to post. One that can be none is refused, as a post without it is not what was meant.
func mediaIDs(p params) ([]social.ID, error) {
	var out []social.ID
	for _, word := range p.list("media_ids") {
		id, ok := social.ParseID(word)
		if !ok {
			return nil, unprocessable("media_ids must be ids of uploads: upload the files first.")
		}
		out = append(out, id)
	}
	return out, nil
}

// sensitive is what was said, or what the person usually says.
func sensitive(p params, u social.User) bool {
	if said := p.flag("sensitive"); said != nil {
		return *said
	}
	return u.DefaultSensitive
}

// language is wanted when it looks like a language tag, otherwise the person's own.
func language(wanted, otherwise string) string {
	base, _, _ := strings.Cut(wanted, "-")
	if len(base) < 2 || len(base) > 3 || len(wanted) > 35 {
		return otherwise
	}
	for _, c := range wanted {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return otherwise
		}
	}
	return wanted
}

// idempotencyKey is the header as it can be kept: a long or odd one by its hash.
func idempotencyKey(header string) string {
	const longest = 255
	if len(header) > longest || !utf8.ValidString(header) || strings.ContainsRune(header, 0) {
		return social.Hash(header)
	}
	return strings.Clone(header)
}

// summaryOf is what the log says about a draft. Only public words go into sentences.
func (a *API) summaryOf(r *request, d social.Draft) activitylog.Summary {
	s := activitylog.Summary{Type: "Create", ObjectType: "Note"}
	if d.Visibility.Distributable() {
		s.Excerpt = richtext.Excerpt(richtext.Format(d.Text, richtext.Options{Version: a.Text}), 200)
	}
	if parent, err := a.Store.StatusByID(r.ctx, d.ReplyTo); d.ReplyTo != 0 && err == nil {
		s.InReplyTo = parent.URI
	}
	return s
}
