package api

import (
	"errors"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// user is the sender's settings; an account without any has the usual ones.
func (a *API) user(r *request) (social.User, error) {
	user, err := a.Store.UserByAccount(r.ctx, r.viewer())
	if errors.Is(err, social.ErrNotFound) {
		return social.User{AccountID: r.viewer(), DefaultVisibility: social.Public, DefaultLanguage: "en"}, nil
	}
	return user, err
}

func (a *API) verifyCredentials(r *request) error { return a.answerCredentials(r, r.account) }

func (a *API) answerCredentials(r *request, account social.Account) error {
	user, err := a.user(r)
	if err != nil {
		return err
	}
	if err := a.Reader.Dress(r.ctx, &account); err != nil {
		return err
	}
	// Apps show a badge, so a bounded count is enough.
	waiting, err := a.Store.FollowRequests(r.ctx, account.ID, social.Page{Limit: 1000})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromCredentials(account, user, len(waiting), r.render()))
}

// updateCredentials changes what was sent of the profile and of how the sender posts; of both, or neither.
func (a *API) updateCredentials(r *request) error {
	if err := a.setDefaults(r); err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: r.account.ActorType, Object: r.account.URI})()
	account, err := a.Accounts.Update(r.ctx, r.viewer(), r.profile())
	if err != nil {
		return err
	}
	if account, err = a.portray(r, account); err != nil {
		return err
	}
	return a.answerCredentials(r, account)
}

// setDefaults changes what source[…] says of how the sender posts.
func (a *API) setDefaults(r *request) error {
	p := r.params
	visibility, word, sensitive := p.text("source[privacy]"), p.text("source[language]"), p.flag("source[sensitive]")
	quotes := social.QuotePolicy(p.text("source[quote_policy]"))
	if visibility == "" && word == "" && sensitive == nil && quotes == "" {
		return nil
	}
	if word != "" && language(word, "") == "" {
		return unprocessable("Validation failed: Default language is not included in the list. Send its code, such as en.")
	}
	_, err := a.Accounts.Prefer(r.ctx, r.viewer(), func(u *social.User) {
		if visibility != "" {
			u.DefaultVisibility = social.Visibility(visibility)
		}
		if word != "" {
			u.DefaultLanguage = word
		}
		if quotes != "" {
			u.DefaultQuotes = quotes
		}
		if sensitive != nil {
			u.DefaultSensitive = *sensitive
		}
	})
	return err
}

// profile is what the sender says of themselves.
func (r *request) profile() social.Profile {
	p := r.params
	out := social.Profile{
		DisplayName: p.given("display_name"), Note: p.given("note"), Locked: p.flag("locked"), Bot: p.flag("bot"),
		Discoverable: p.flag("discoverable"), Indexable: p.flag("indexable"), HideCollections: p.flag("hide_collections"),
		ShowMedia: p.flag("show_media"), ShowMediaReplies: p.flag("show_media_replies"), ShowFeatured: p.flag("show_featured"),
		AvatarText: p.given("avatar_description"), HeaderText: p.given("header_description"),
	}
	if _, ok := p["attribution_domains"]; ok {
		domains := p.list("attribution_domains")
		out.AttributionDomains = &domains
	}
	if sent := p.objects("fields_attributes"); len(sent) > 0 {
		fields := []social.Field{}
		for _, f := range sent {
			fields = append(fields, social.Field{Name: f.text("name"), Value: f.text("value")})
		}
		out.Fields = &fields
	}
	return out
}

func (a *API) showProfile(r *request) error { return a.answerProfile(r, r.account) }

func (a *API) updateProfile(r *request) error {
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: r.account.ActorType, Object: r.account.URI})()
	account, err := a.Accounts.Update(r.ctx, r.viewer(), r.profile())
	if err != nil {
		return err
	}
	if account, err = a.portray(r, account); err != nil {
		return err
	}
	return a.answerProfile(r, account)
}

func (a *API) answerProfile(r *request, account social.Account) error {
	if err := a.Reader.Dress(r.ctx, &account); err != nil {
		return err
	}
	tags, err := a.Store.FeaturedTags(r.ctx, account.ID)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromProfile(account, clientapi.FromFeaturedTags(account, tags), r.render()))
}

func (a *API) preferences(r *request) error {
	user, err := a.user(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromUser(user))
}
