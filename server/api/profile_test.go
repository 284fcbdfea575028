package api

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
	"orrery/social"
)

// The table of a profile arrives in every way that apps encode it.
func TestProfile_fieldsInEveryEncoding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/api/v1/accounts/update_credentials"
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	for _, pair := range [][2]string{{"fields_attributes[][name]", "a"}, {"fields_attributes[][value]", "1"}, {"fields_attributes[][name]", "b"}, {"fields_attributes[][value]", "2"}} {
		if err := parts.WriteField(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	parts.Close()
	multi := httptest.NewRequest("PATCH", path, &form)
	multi.Header.Set("Content-Type", parts.FormDataContentType())
	for name, send := range map[string]func() answer{
		"indexes": func() answer {
			return w.do("alice", "PATCH", path, "fields_attributes[1][value]=2&fields_attributes[0][name]=a&fields_attributes[0][value]=1&fields_attributes[1][name]=b")
		},
		"no indexes": func() answer {
			return w.do("alice", "PATCH", path, "fields_attributes[][name]=a&fields_attributes[][value]=1&fields_attributes[][name]=b&fields_attributes[][value]=2")
		},
		"query": func() answer {
			return w.do("alice", "PATCH", path+"?fields_attributes[0][name]=a&fields_attributes[0][value]=1&fields_attributes[1][name]=b&fields_attributes[1][value]=2", "")
		},
		"JSON array": func() answer {
			return w.sendJSON("alice", "PATCH", path, `{"fields_attributes":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}`)
		},
		"JSON by index": func() answer {
			return w.sendJSON("alice", "PATCH", path, `{"fields_attributes":{"0":{"name":"a","value":"1"},"1":{"name":"b","value":"2"}}}`)
		},
		"multipart": func() answer { return w.send("alice", multi) },
	} {
		ok[clientapi.CredentialAccount](w, "alice", "PATCH", path, "fields_attributes[0][name]=")
		if got := send(); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		got := ok[clientapi.CredentialAccount](w, "alice", "GET", "/api/v1/accounts/verify_credentials", "")
		if diff := cmp.Diff([]clientapi.Field{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, got.Source.Fields); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := ok[clientapi.CredentialAccount](w, "alice", "PATCH", "/api/v1/accounts/update_credentials",
		"bot=true&discoverable=false&indexable=true&hide_collections=1&attribution_domains[]=https://Blog.test/x&attribution_domains[]=blog.test"+
			"&source[privacy]=private&source[sensitive]=true&source[language]=de")
	if !got.Bot || *got.Discoverable || !got.Indexable || !*got.HideCollections {
		t.Errorf("flags: got %+v", got.Account)
	}
	if got.Source.Privacy != "private" || !got.Source.Sensitive || got.Source.Language != "de" {
		t.Errorf("source: got %+v", got.Source)
	}
	if diff := cmp.Diff([]string{"blog.test"}, got.Source.AttributionDomains); diff != "" {
		t.Errorf("domains (-want +got):\n%s", diff)
	}
	if p := ok[clientapi.Preferences](w, "alice", "GET", "/api/v1/preferences", ""); p.PostingVisibility != "private" || !p.PostingSensitive {
		t.Errorf("preferences: got %+v", p)
	}
	if s := ok[clientapi.Status](w, "alice", "GET", "/api/v1/statuses/"+w.post("alice", "as usual"), ""); s.Visibility != "private" || !s.Sensitive {
		t.Errorf("a post as usual: got %s, sensitive %v", s.Visibility, s.Sensitive)
	}
	for _, bad := range []string{
		"source[privacy]=secret", "source[language]=no language", "fields_attributes[0][value]=x", "fields_attributes[0][name]=" + strings.Repeat("x", 256),
		"attribution_domains[]=nowhere at all", "avatar_description=" + strings.Repeat("x", 151),
		"fields_attributes[0][name]=a&fields_attributes[1][name]=a&fields_attributes[2][name]=a&fields_attributes[3][name]=a&fields_attributes[4][name]=a",
	} {
		w.fails("alice", "PATCH", "/api/v1/accounts/update_credentials", bad, http.StatusUnprocessableEntity)
	}
	p := ok[clientapi.Profile](w, "alice", "PATCH", "/api/v1/profile", "display_name=Al&note=I+am&bot=false&fields_attributes[0][name]=web&fields_attributes[0][value]=https://a.test")
	if p.DisplayName != "Al" || p.Note != "I am" || p.Bot || len(p.Fields) != 1 || p.Avatar != nil || !strings.Contains(p.FormattedFields[0].Value, "<a ") {
		t.Errorf("profile: got %+v", p)
	}
	only := w.token(w.people["alice"].ID, "profile")
	if p := ok[clientapi.Profile](w, only, "GET", "/api/v1/profile", ""); p.ID != w.id("alice") || p.FormattedNote != "<p>I am</p>" {
		t.Errorf("profile: got %+v", p)
	}
	w.fails(only, "PATCH", "/api/v1/profile", "note=x", http.StatusForbidden)
}

func TestFamiliarFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", "")
	w.join("carol")
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("carol")+"/follow", "")
	ask := func() []clientapi.FamiliarFollowers {
		return ok[[]clientapi.FamiliarFollowers](w, "alice", "GET", "/api/v1/accounts/familiar_followers?id[]="+w.id("carol")+"&id[]="+w.id("lena")+"&id[]=1", "")
	}
	got := ask()
	if len(got) != 2 || len(got[0].Accounts) != 1 || got[0].Accounts[0].Username != "bob" || len(got[1].Accounts) != 0 {
		t.Errorf("got %+v, want bob of carol and nobody of lena", got)
	}
	ok[clientapi.CredentialAccount](w, "bob", "PATCH", "/api/v1/accounts/update_credentials", "hide_collections=true")
	if got := ask(); len(got[0].Accounts) != 0 {
		t.Errorf("bob tells nobody whom he follows, and alice is told: %+v", got)
	}
}

// What is wrong with a profile is told by value; pictures come by both routes.
func TestProfile_detailsAndPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, field := range map[string]string{"/api/v1/accounts/update_credentials": "display_name", "/api/v1/profile": "note"} {
		got := w.do("alice", "PATCH", path, field+"="+strings.Repeat("x", 501))
		var e clientapi.ValidationError
		if err := json.Unmarshal(got.body, &e); err != nil || got.status != 422 || len(e.Details[field]) != 1 || e.Details[field][0].Error != social.CodeTooLong {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	for _, path := range []string{"/api/v1/accounts/update_credentials", "/api/v1/profile"} {
		got := w.upload("alice", "PATCH", path, map[string][]byte{"avatar": picture(t), "header": picture(t)}, url.Values{"avatar_description": {"me"}, "locked": {"true"}})
		if got.status != 200 {
			t.Fatalf("%s: %d %s", path, got.status, got.body)
		}
		p := ok[clientapi.Profile](w, "alice", "GET", "/api/v1/profile", "")
		if p.Avatar == nil || p.Header == nil || p.AvatarDescription != "me" || !p.Locked {
			t.Errorf("%s: got %+v", path, p)
		}
		ok[clientapi.CredentialAccount](w, "alice", "DELETE", "/api/v1/profile/avatar", "")
		ok[clientapi.CredentialAccount](w, "alice", "DELETE", "/api/v1/profile/header", "")
		if p := ok[clientapi.Profile](w, "alice", "GET", "/api/v1/profile", ""); p.Avatar != nil || p.Header != nil || p.AvatarDescription != "" {
			t.Errorf("deleted: %+v", p)
		}
	}
}

func TestDeprecatedRoutesSaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.do("", "GET", "/api/v1/instance", "").header.Get("Deprecation"); got != "@1668384000" {
		t.Errorf("the first version of the instance's document: %q", got)
	}
	if got := w.do("", "GET", "/api/v1/filters", "").header.Get("Deprecation"); got == "" {
		t.Error("filters of the first version, refused: nothing")
	}
	if got := w.do("", "GET", "/api/v2/instance", "").header.Get("Deprecation"); got != "" {
		t.Errorf("the second version: %q", got)
	}
}

// What apps are to show of a profile is kept, and told to everybody.
func TestProfile_show(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		form                     string
		media, replies, featured bool
	}{
		{"note=x", true, true, true},
		{"show_media=false", false, true, true},
		{"show_media_replies=0&show_featured=false", false, false, false},
		{"show_media=true&show_featured=1", true, false, true},
	} {
		p := ok[clientapi.Profile](w, "alice", "PATCH", "/api/v1/profile", tt.form)
		a := ok[clientapi.Account](w, "", "GET", "/api/v1/accounts/"+w.id("alice"), "")
		for what, got := range map[string][3]bool{"profile": {p.ShowMedia, p.ShowMediaReplies, p.ShowFeatured}, "account": {a.ShowMedia, a.ShowMediaReplies, a.ShowFeatured}} {
			if want := [3]bool{tt.media, tt.replies, tt.featured}; got != want {
				t.Errorf("%s after %s: media, replies, featured are %v, want %v", what, tt.form, got, want)
			}
		}
	}
}

// Who hides them tells nobody else whom they follow and who follows them.
func TestProfile_hidesCollections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, pair := range [][2]string{{"bob", "alice"}, {"alice", "bob"}} {
		ok[clientapi.Relationship](w, pair[0], "POST", "/api/v1/accounts/"+w.id(pair[1])+"/follow", "")
	}
	for _, hidden := range []string{"false", "true"} {
		ok[clientapi.Profile](w, "alice", "PATCH", "/api/v1/profile", "hide_collections="+hidden)
		for _, list := range []string{"followers", "following"} {
			for as, want := range map[string]int{"alice": 1, "bob": map[string]int{"false": 1, "true": 0}[hidden]} {
				if got := ok[[]clientapi.Account](w, as, "GET", "/api/v1/accounts/"+w.id("alice")+"/"+list, ""); len(got) != want {
					t.Errorf("%s, hidden %s, for %s: %d people, want %d", list, hidden, as, len(got), want)
				}
			}
		}
	}
}

// The public timelines, and no others, show posts in the languages that somebody chose.
func TestTimelines_inTheLanguagesOfTheReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	english, german := w.post("lena", "one #fun", "language=en"), w.post("lena", "zwei #fun", "language=de")
	if _, err := w.Accounts.Prefer(t.Context(), w.people["bob"].ID, func(u *social.User) { u.Languages = []string{"de"} }); err != nil {
		t.Fatal(err)
	}
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("lena")+"/follow", "")
	for _, tt := range []struct {
		as, target string
		want       []string
	}{
		{"bob", "/api/v1/timelines/public", []string{german}},
		{"bob", "/api/v1/timelines/public?local=true", []string{german}},
		{"alice", "/api/v1/timelines/public", []string{german, english}},
		{"", "/api/v1/timelines/public", []string{german, english}},
		{"bob", "/api/v1/timelines/tag/fun", []string{german, english}},
		{"bob", "/api/v1/accounts/" + w.id("lena") + "/statuses", []string{german, english}},
	} {
		if diff := cmp.Diff(tt.want, idsOf(ok[[]clientapi.Status](w, tt.as, "GET", tt.target, ""))); diff != "" {
			t.Errorf("%s for %q (-want +got):\n%s", tt.target, tt.as, diff)
		}
	}
}
