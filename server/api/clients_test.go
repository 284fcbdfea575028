package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
)

// listsOfClients are what apps iterate over without looking: null fails a whole page in Tusky, iOS and Android (clients.md §0.4).
var listsOfClients = strings.Fields("emojis mentions tags media_attachments fields roles filtered own_votes options keywords statuses context sample_account_ids " +
	"notification_groups accounts hashtags rules supported_mime_types icon descendants ancestors redirect_uris automatic manual authors history participants")

// neverNull are scalars that one app or another reads without looking (clients.md §9 to §11).
var neverNull = strings.Fields("id acct username display_name note url avatar avatar_static header header_static created_at locked bot group statuses_count followers_count " +
	"following_count content visibility spoiler_text sensitive uri reblogs_count favourites_count replies_count type shortcode static_url visible_in_picker expired multiple " +
	"votes_count title version domain description following followed_by blocking blocked_by muting muting_notifications requested showing_reblogs notifying domain_blocking endorsed")

// nullable are exceptions, by what they stand in: an upload has no address while it is made, votes are hidden.
var nullable = map[string]string{"url": "media_attachments registrations", "description": "media_attachments", "votes_count": "options"}

// Nothing that breaks an app is null, in anything that apps load when they start and while they scroll.
func TestClients_neverNull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withQuotes()
	id := w.post("alice", "hello @bob #tag", "poll[options][]=a", "poll[options][]=b", "poll[expires_in]=600")
	pictures := w.upload("alice", "POST", "/api/v2/media", map[string][]byte{"file": picture(t)}, nil)
	var made clientapi.MediaAttachment
	if err := json.Unmarshal(pictures.body, &made); err != nil {
		t.Fatal(err)
	}
	w.post("alice", "look", "media_ids[]="+made.ID)
	w.post("bob", "quoting", "quoted_status_id="+id)
	ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses/"+id+"/reblog", "")
	ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses/"+id+"/favourite", "")
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	ok[struct{ ID string }](w, "bob", "POST", "/api/v2/filters", "title=x&context[]=home&keywords_attributes[][keyword]=hello")
	for _, target := range []string{
		"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/tag", "/api/v1/notifications", "/api/v2/notifications?expand_accounts=partial_avatars",
		"/api/v1/accounts/verify_credentials", "/api/v1/accounts/" + w.id("rita"), "/api/v1/accounts/" + w.id("alice") + "/statuses", "/api/v1/statuses/" + id,
		"/api/v1/statuses/" + id + "/context", "/api/v1/statuses/" + id + "/history", "/api/v2/filters", "/api/v1/filters", "/api/v1/custom_emojis", "/api/v1/lists",
		"/api/v1/instance", "/api/v2/instance", "/api/v1/accounts/relationships?id=" + w.id("alice"), "/api/v1/preferences", "/api/v1/followed_tags", "/api/v1/conversations",
		"/api/v2/search?q=alice", "/api/v1/follow_requests", "/api/v2/notifications/policy", "/api/v1/apps/verify_credentials",
	} {
		for _, as := range []string{"alice", "bob"} {
			got := w.do(as, "GET", target, "")
			var v any
			if err := json.Unmarshal(got.body, &v); err != nil || got.status != http.StatusOK {
				t.Fatalf("%s: %d %s", target, got.status, got.body)
			}
			walk("", v, func(inside, name string, v any) {
				_, list := v.([]any)
				switch {
				case slices.Contains(listsOfClients, name) && !list:
					if _, object := v.(map[string]any); !object && !(name == "accounts" || name == "statuses") {
						t.Errorf("%s as %s: %s in %q is %v, not a list", target, as, name, inside, v)
					}
				case slices.Contains(neverNull, name) && v == nil && (inside == "" || !strings.Contains(nullable[name], inside)):
					t.Errorf("%s as %s: %s in %q is null", target, as, name, inside)
				}
			})
		}
	}
}

// One row for each thing that clients.md tells of programs that break.
func TestClients_quirks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	get := func(as, target string) answer { return w.do(as, "GET", target, "") }
	object := func(got answer) map[string]any {
		t.Helper()
		v := map[string]any{}
		if err := json.Unmarshal(got.body, &v); err != nil {
			t.Fatalf("%s: %v", got.body, err)
		}
		return v
	}
	at := func(v map[string]any, path string) any {
		x, _, _ := dig(v, path)
		return x
	}
	v1, v2 := object(get("", "/api/v1/instance/")), object(get("", "/api/v2/instance"))
	app := func(target, kind, body string) map[string]any {
		t.Helper()
		req := httptest.NewRequest("POST", target, strings.NewReader(body))
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		return object(w.send("nonsense", req))
	}
	apps := "client_name=x&scopes=read+write+follow+push&redirect_uris="
	for _, tt := range []struct {
		who   string
		holds bool
		got   any
	}{
		{"§0.2 Mastodon.py reads three numbers out of the version", regexp.MustCompile(`^\d+\.\d+\.\d+\+`).MatchString(at(v2, "version").(string)), at(v2, "version")},
		{"§0.2 no other program's name stands in the version", !regexp.MustCompile(`pixelfed|pleroma|akkoma|gotosocial|glitch`).MatchString(at(v2, "version").(string)), at(v2, "version")},
		{"§0.3 Android wants a number of api_versions", at(v2, "api_versions[mastodon]").(float64) >= 6, at(v2, "api_versions")},
		{"§0.8 streaming is an origin without a path (v2)", at(v2, "configuration[urls][streaming]") == "wss://alpha.test", at(v2, "configuration[urls]")},
		{"§0.8 streaming is an origin without a path (v1)", at(v1, "urls[streaming_api]") == "wss://alpha.test", at(v1, "urls")},
		{"§8 go-mastodon reads urls as strings and the thumbnail as one", len(v1["urls"].(map[string]any)) == 1 && at(v1, "thumbnail").(string) != "", v1["thumbnail"]},
		{"§4 toot wants the bare domain", v1["uri"] == "alpha.test" && v2["domain"] == "alpha.test", v1["uri"]},
		{"Raccoon wants an object or null for the contact", v1["contact_account"] == nil, v1["contact_account"]},
		{"§10 Android wants registrations as object, and as boolean before", at(v2, "registrations[enabled]") != nil && v1["registrations"] != nil, v2["registrations"]},
		{"§9 Tusky reads translation.enabled", at(v2, "configuration[translation][enabled]") == false, at(v2, "configuration[translation]")},
		{"§2 Elk filters supported_mime_types", len(at(v2, "configuration[media_attachments][supported_mime_types]").([]any)) > 0, nil},
		{"§11 iOS wants the numbers of v1 as numbers", at(v1, "stats[user_count]").(float64) >= 3, v1["stats"]},
		{"§12 IceCubes registers by the query alone", app("/api/v1/apps?"+apps+"icecubesapp://", "", "")["client_id"] != nil, nil},
		{"§4 toot registers by JSON", app("/api/v1/apps", "application/json", `{"client_name":"toot","redirect_uris":"urn:ietf:wg:oauth:2.0:oob","scopes":"read write follow"}`)["client_secret"] != nil, nil},
		{"§7 megalodon sends a token to where none is read", app("/api/v1/apps", "application/x-www-form-urlencoded", apps+"urn:ietf:wg:oauth:2.0:oob")["client_id"] != nil, nil},
		{"§0.9 schemes of programs' own are taken", app("/api/v1/apps", "application/x-www-form-urlencoded", apps+"oauth2redirect://com.keylesspalace.tusky/")["redirect_uri"] == "oauth2redirect://com.keylesspalace.tusky/", nil},
		{"§2 Elk's redirect URI keeps its escaped slashes", app("/api/v1/apps", "application/x-www-form-urlencoded", apps+url.QueryEscape("https://elk.zone/api/a.test/oauth/https%3A%2F%2Felk.zone"))["redirect_uri"] == "https://elk.zone/api/a.test/oauth/https%3A%2F%2Felk.zone", nil},
		{"§5 Mastodon.py asks for the instance with a slash", v1["version"] == v2["version"], v1["version"]},
		{"§4 toot's resolve=True is a yes", get("alice", "/api/v2/search?q=%40bob&resolve=True&type=accounts").status == 200, nil},
		{"§2 a new person has no markers", string(get("bob", "/api/v1/markers?timeline[]=notifications").body) == "{}", nil},
		{"§2 without a subscription push is 404", get("alice", "/api/v1/push/subscription").status == 404, nil},
		{"§5 the health of streaming is OK", string(get("", "/api/v1/streaming/health").body) == "OK", nil},
		{"§8 the home timeline is always 200", get("alice", "/api/v1/timelines/home").status == 200, nil},
		{"§6 masto.js wants a JSON type with empty results", get("alice", "/api/v1/lists").header.Get("Content-Type") == "application/json; charset=utf-8", nil},
		{"§6 masto.js parses the addresses of Link", strings.HasPrefix(get("alice", "/api/v1/timelines/home").header.Get("Link"), "<https://alpha.test/api/"), nil},
		{"§0.10 ids of posts sort by length and then by letters", len(w.post("alice", "later")) >= len(id) && w.post("alice", "last") > id, nil},
		{"takahe#361 prev does not lead back to the same page", string(get("alice", "/api/v1/timelines/home?min_id="+newest(w)).body) == "[]", nil},
	} {
		if !tt.holds {
			t.Errorf("%s: got %v", tt.who, tt.got)
		}
	}
	// §8 go-mastodon sends an empty token, and Semaphore bodies with a charset.
	empty := httptest.NewRequest("GET", "/api/v1/instance", nil)
	empty.Header.Set("Authorization", "Bearer ")
	if got := w.send("", empty); got.status != http.StatusOK {
		t.Errorf("an empty token: %d %s", got.status, got.body)
	}
	// takahe#490: brackets in the names of JSON; Tusky: DELETE with a form.
	if got := w.sendJSON("alice", "POST", "/api/v1/statuses", `{"status":"x","media_ids[]":[],"sensitive":false,"poll":null}`); got.status != http.StatusOK {
		t.Errorf("media_ids[] in JSON: %d %s", got.status, got.body)
	}
	if got := w.sendJSON("alice", "POST", "/api/v1/statuses/"+id+"/favourite", ""); got.status != http.StatusOK {
		t.Errorf("an action with an empty JSON body: %d %s", got.status, got.body)
	}
	status := object(get("alice", "/api/v1/statuses/"+id))
	if created, _ := status["created_at"].(string); len(created) != len("2026-01-01T00:00:00.000Z") || !strings.HasSuffix(created, "Z") {
		t.Errorf("§11 iOS reads only dates with milliseconds: %q", created)
	}
	if _, err := time.Parse(time.RFC3339, status["created_at"].(string)); err != nil {
		t.Errorf("§8 go-mastodon: %v", err)
	}
}

// newest is the id of the newest post at alice's home.
func newest(w *world) string {
	w.t.Helper()
	return ok[[]clientapi.Status](w, "alice", "GET", "/api/v1/timelines/home?limit=1", "")[0].ID
}
