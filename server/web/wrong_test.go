package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// What is wrong with a form stands beside the field, which says so, has the cursor and still holds what was typed.
func TestWrongFields(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := s.person("ada"), s.remote("bob", "beta.test", "Bob")
	if err := s.web.Moderation.GiveRole(t.Context(), social.InstanceActorID, ada.ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	if err := s.web.Moderation.SetRegistration(t.Context(), social.InstanceActorID, social.Registration{Mode: social.RegistrationsForAll}); err != nil {
		t.Fatal(err)
	}
	me, stranger, long := s.as(ada), s.as(social.Account{}), strings.Repeat("x", 2001)
	for _, tt := range []struct {
		name, path    string
		typed         url.Values
		status        int
		field, says   string
		keeps, typed0 string // another field, and what it still holds
	}{
		{"display name", "/settings/profile", url.Values{"display_name": {strings.Repeat("x", 31)}, "note": {"kept"}}, 422, "display_name", "too long", "field_name", ""},
		{"note", "/settings/profile", url.Values{"display_name": {"Ada L."}, "note": {long}}, 422, "note", "too long", "display_name", "Ada L."},
		{"visibility", "/settings/preferences", url.Values{"visibility": {"secret"}, "expand_media": {"default"}, "languages": {"de"}}, 422, "visibility", "no visibility", "languages", "de"},
		{"language", "/settings/preferences", url.Values{"visibility": {"public"}, "expand_media": {"default"}, "language": {"!"}}, 422, "language", "no code of a language", "language", "!"},
		{"languages", "/settings/preferences", url.Values{"visibility": {"public"}, "expand_media": {"default"}, "languages": {"de 1"}}, 422, "languages", "no code of a language", "languages", "de 1"},
		{"hashtag", "/settings/tags/follow", url.Values{"tag": {"12"}}, 422, "tag", "no hashtag", "tag", "12"},
		{"server", "/settings/domain_blocks/block", url.Values{"domain": {"no domain"}}, 422, "domain", "no domain", "domain", "no domain"},
		{"title of a filter", "/settings/filters", url.Values{"title": {""}, "context": {"home"}, "action": {"warn"}, "keywords": {"tea"}}, 422, "title", "Title can't be blank.", "", ""},
		{"word of a filter", "/settings/filters", url.Values{"title": {"Tea"}, "context": {"home"}, "action": {"warn"}, "keywords": {long}}, 422, "keywords", "too long", "title", "Tea"},
		{"title of a list", "/lists", url.Values{"title": {" "}, "replies_policy": {"none"}}, 422, "title", "Title can't be blank.", "", ""},
		{"answers of a list", "/lists", url.Values{"title": {"Tea"}, "replies_policy": {"some"}}, 422, "replies_policy", "no policy", "title", "Tea"},
		{"aliases", "/settings/aliases", url.Values{"aliases": {"@nobody@nowhere.test"}}, 422, "aliases", "nobody called", "", ""},
		{"password to move", "/settings/move", url.Values{"acct": {"@bob@beta.test"}, "password": {"wrong"}}, 403, "password", "not your password", "acct", "@bob@beta.test"},
		{"account to move to", "/settings/move", url.Values{"acct": {"@bob@beta.test"}, "password": {"correct horse"}}, 422, "acct", "alias", "acct", "@bob@beta.test"},
		{"name to leave", "/settings/delete", url.Values{"username": {"bob"}, "password": {"correct horse"}}, 422, "username", "not your username", "username", "bob"},
		{"report", "/accounts/" + bob.ID.String() + "/report", url.Values{"category": {"spam"}, "comment": {long}}, 422, "comment", "too long", "", ""},
		{"server to decide about", "/moderation/servers", url.Values{"domain": {"no domain"}, "severity": {"suspend"}, "public_comment": {"spam"}}, 422, "domain", "no domain", "public_comment", "spam"},
		{"message to strangers", "/moderation/registrations", url.Values{"mode": {"closed"}, "message": {long}}, 422, "message", "too long", "", ""},
		{"file", "/settings/imports", url.Values{"type": {"following"}}, 422, "data", "", "", ""},
		{"post", "/statuses", url.Values{"status": {""}, "visibility": {"public"}, "spoiler_text": {""}}, 422, "status", "Say something first", "", ""},
		{"poll", "/statuses", url.Values{"status": {"Which?"}, "poll_options": {"one"}, "poll_expires_in": {"3600"}}, 422, "poll_options", "choices", "", ""},
		{"post changed", "/statuses/" + s.post(ada, "before").ID.String() + "/edit", url.Values{"status": {long}}, 422, "status", "too long", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := me.submit(tt.path, tt.typed).is(tt.status)
			marked := page.all("[aria-invalid=true]")
			if len(marked) == 0 || attr(marked[0], "name") != tt.field {
				t.Fatalf("%d fields are marked, the first %v; want %s:\n%s", len(marked), marked, tt.field, page.body)
			}
			if len(page.all("[autofocus]", "[name="+tt.field+"]")) == 0 {
				t.Error("the cursor is not put there")
			}
			if said := text(page.one("#" + attr(marked[0], "aria-describedby"))); !strings.Contains(said, tt.says) || strings.Contains(said, "Validation failed") {
				t.Errorf("beside the field stands %q, want %q", said, tt.says)
			}
			if tt.keeps != "" {
				if kept := page.all("[name=" + tt.keeps + "]")[0]; attr(kept, "value") != tt.typed0 {
					t.Errorf("%s holds %q, want %q", tt.keeps, attr(kept, "value"), tt.typed0)
				}
			}
		})
	}

	wrong := stranger.submit("/auth/sign_in", url.Values{"username": {"ada"}, "password": {"wrong"}}).is(401)
	if said := text(wrong.one("#" + attr(wrong.one("[name=password]", "[aria-invalid=true]", "[autofocus]"), "aria-describedby"))); !strings.Contains(said, "do not belong together") {
		t.Errorf("beside the password stands %q", said)
	}
	wrong.one("[name=username]", "[value=ada]")
	wrong.one("[href=/auth/sign_up]")
	joining := stranger.submit("/auth/sign_up", url.Values{"username": {"a b"}, "password": {"short"}, "email": {"kept@example.org"}}).is(422)
	for _, field := range []string{"username", "password", "agreement"} {
		joining.one("#" + attr(joining.one("[name="+field+"]", "[aria-invalid=true]"), "aria-describedby"))
	}
	joining.one("[name=email]", "[value=kept@example.org]")
}

// A group of fields that is wrong has the cursor and names what is wrong, too.
func TestWrongGroups(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := s.as(s.person("ada"))
	for _, tt := range []struct {
		path  string
		typed url.Values
		says  string
	}{
		{"/settings/filters", url.Values{"title": {"Tea"}, "action": {"warn"}, "keywords": {"tea"}}, "Context can't be blank. Say where the filter counts."},
		{"/settings/profile", url.Values{"field_name": {"", "b"}, "field_value": {"a", "c"}}, "has no label"},
	} {
		page := me.submit(tt.path, tt.typed).is(422)
		if said := text(page.one("#" + attr(page.one("fieldset", "[autofocus]"), "aria-describedby"))); !strings.Contains(said, tt.says) {
			t.Errorf("%s says %q, want %q", tt.path, said, tt.says)
		}
	}
}

// The form for a profile says everything that pages tell people to say there.
func TestProfileForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.person("ada")
	me := s.as(ada)
	me.submit("/settings/profile", url.Values{
		"display_name": {"Ada"}, "indexable": {"1"}, "hide_collections": {"1"}, "bot": {"1"}, "field_name": {"web", ""}, "field_value": {"https://ada.test/", ""},
	}).is(303)
	a, err := s.store.AccountByID(t.Context(), ada.ID)
	if err != nil || a.Discoverable || !a.Indexable || !a.HideCollections || !a.Bot() || len(a.Fields) != 1 || a.Fields[0].Name != "web" {
		t.Fatalf("the profile says %+v, %v", a, err)
	}
	form := me.get("/settings/profile").is(200)
	form.one("[name=indexable]", "[checked]")
	form.none("[name=discoverable]", "[checked]")
	form.one("[name=field_value]", "[value=https://ada.test/]")
	me.submit("/settings/profile", url.Values{"display_name": {"Ada"}, "discoverable": {"1"}}).is(303)
	if a, err = s.store.AccountByID(t.Context(), ada.ID); err != nil || !a.Discoverable || a.Indexable || a.Bot() || len(a.Fields) != 0 {
		t.Errorf("the profile says %+v, %v", a, err)
	}
}
