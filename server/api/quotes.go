package api

import (
	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
)

// listQuotes gives the posts that quote one and that the sender may see.
func (a *API) listQuotes(r *request) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	ids, err := a.Store.QuotedBy(r.ctx, v.Status.ID, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids)
}

// revokeQuote takes the sender's own post out of one that quotes it, and answers with that.
func (a *API) revokeQuote(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	quoting, ok := social.ParseID(r.Params("quoting"))
	if !ok || a.Quotes == nil {
		return errNotFound
	}
	v, err := a.Reader.Status(r.ctx, r.viewer(), quoting)
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Delete", ObjectType: "QuoteAuthorization", Object: v.Status.URI})()
	if err := a.Quotes.Revoke(r.ctx, r.viewer(), id, quoting); err != nil {
		return err
	}
	return a.answerStatus(r, quoting)
}

// setInteractionPolicy says who may quote the sender's own post.
func (a *API) setInteractionPolicy(r *request) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	if a.Quotes == nil || v.Author.ID != r.viewer() {
		return errNotFound
	}
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: v.Status.ObjectType, Object: v.Status.URI})()
	if err := a.Quotes.Choose(r.ctx, r.viewer(), v.Status.ID, social.QuotePolicy(r.params.text("quote_approval_policy"))); err != nil {
		return err
	}
	return a.answerStatus(r, v.Status.ID)
}

// quoted is what to quote.
func quoted(p params) (social.ID, error) {
	word := p.text("quoted_status_id")
	if word == "" {
		return 0, nil
	}
	id, ok := social.ParseID(word)
	if !ok {
		return 0, &problem{status: fiber.StatusNotFound, message: "The post you are quoting does not exist here any more, or you may not see it."}
	}
	return id, nil
}

// quotePolicy is what was sent, else the person's default.
func quotePolicy(p params, u social.User) social.QuotePolicy {
	if word := p.text("quote_approval_policy"); word != "" {
		return social.QuotePolicy(word)
	}
	return u.DefaultQuotes
}
