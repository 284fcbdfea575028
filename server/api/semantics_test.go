package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// The tests here hold every route of the table to what behaviours.md §2 and §3 say of all of them.

var pathParameter = regexp.MustCompile(`:[a-z_]+`)

// target is a path that rt serves, with value in the place of each parameter.
func (rt route) target(value string) string {
	return "/api" + pathParameter.ReplaceAllLiteralString(rt.path, url.PathEscape(value))
}

// staff lets alice do everything there is.
func (w *world) staff() {
	w.t.Helper()
	w.tokens["alice"] = w.token(w.people["alice"].ID, "read write follow push profile admin:read admin:write")
	if err := w.Moderation.GiveRole(w.t.Context(), social.InstanceActorID, w.people["alice"].ID, social.RoleOwner); err != nil {
		w.t.Fatal(err)
	}
}

// Whatever is answered, errors too, it is JSON, has CORS and cache headers and a number to ask about it.
func TestSemantics_headers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.random = true
	w.staff()
	for _, rt := range w.routes() {
		for _, as := range []string{"", "nonsense", "alice"} {
			got := w.do(as, rt.method, rt.target("1"), "")
			name := fmt.Sprintf("%s %s as %q: %d", rt.method, rt.path, as, got.status)
			for header, want := range map[string]string{
				"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "Vary": "Authorization, Origin",
				"Content-Type":                  "application/json; charset=utf-8",
				"Access-Control-Expose-Headers": "Link, Mastodon-Async-Refresh, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id",
			} {
				if header == "Content-Type" && got.status == http.StatusNoContent {
					want = ""
				}
				if is := got.header.Get(header); is != want {
					t.Errorf("%s: %s = %q, want %q", name, header, is, want)
				}
			}
			cache := got.header.Get("Cache-Control")
			switch {
			case got.header.Get("X-Request-Id") == "":
				t.Errorf("%s: no X-Request-Id", name)
			case got.status >= 400 || rt.method != http.MethodGet || rt.access == person || rt.access == anybody && as == "alice":
				if cache != "private, no-store" {
					t.Errorf("%s: Cache-Control %q, want it in no cache", name, cache)
				}
			case !strings.HasPrefix(cache, "public, max-age=") && rt.access != anyToken:
				t.Errorf("%s: Cache-Control %q, want it cached", name, cache)
			}
			var e clientapi.Error
			if got.status >= 400 && (json.Unmarshal(got.body, &e) != nil || e.Error == "") {
				t.Errorf("%s: %s, want a sentence", name, got.body)
			}
			if got.status >= 500 && got.status != http.StatusServiceUnavailable {
				t.Errorf("%s: %s", name, got.body)
			}
		}
		preflight := httptest.NewRequest(http.MethodOptions, rt.target("1"), nil)
		preflight.Header.Set("Access-Control-Request-Method", rt.method)
		preflight.Header.Set("Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
		if got := w.send("", preflight); got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Headers") != "authorization,content-type,idempotency-key" ||
			!strings.Contains(got.header.Get("Access-Control-Allow-Methods"), rt.method) || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("preflight of %s %s: %d %v", rt.method, rt.path, got.status, got.header)
		}
	}
}

// HEAD answers as GET without a body; PUT and PATCH are one; a slash at the end changes nothing.
func TestSemantics_methodsAndSlashes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.random = true
	w.staff()
	id := w.post("alice", "here")
	for _, rt := range w.routes() {
		if !slices.Contains([]string{"GET", "PUT", "PATCH"}, rt.method) {
			// What changes something the second time is asked about nothing.
			if a, b := w.do("", rt.method, rt.target("1"), ""), w.do("", rt.method, rt.target("1")+"/", ""); a.status != b.status {
				t.Errorf("%s %s: %d, with a slash %d", rt.method, rt.path, a.status, b.status)
			}
			continue
		}
		for _, as := range []string{"", "alice"} {
			want := w.do(as, rt.method, rt.target(id), "")
			others := map[string]answer{"a slash": w.do(as, rt.method, rt.target(id)+"/", "")}
			switch rt.method {
			case "GET":
				others["HEAD"] = w.do(as, "HEAD", rt.target(id), "")
				if len(others["HEAD"].body) > 0 {
					t.Errorf("HEAD %s has a body", rt.path)
				}
			case "PUT":
				others["PATCH"] = w.do(as, "PATCH", rt.target(id), "")
			case "PATCH":
				others["PUT"] = w.do(as, "PUT", rt.target(id), "")
			}
			for what, got := range others {
				if got.status != want.status || what != "HEAD" && len(got.body) == 0 && got.status != http.StatusNoContent {
					t.Errorf("%s %s as %q: %d, with %s %d %s", rt.method, rt.path, as, want.status, what, got.status, got.body)
				}
			}
		}
	}
}

// Who may ask what with which token, in the words that apps match on.
func TestSemantics_tokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.random = true
	const all = "read write follow push profile admin:read admin:write"
	for name := range map[string]bool{"pending": true, "disabled": true} {
		w.join(name)
		w.tokens[name] = w.token(w.people[name].ID, all)
	}
	w.staff()
	if err := w.Moderation.Disable(t.Context(), w.people["alice"].ID, w.people["disabled"].ID); err != nil {
		t.Fatal(err)
	}
	revoked, program := w.token(w.people["bob"].ID, all), w.token(0, all)
	if err := w.Store.RevokeTokens(t.Context(), []string{social.Hash(revoked)}, w.Now()); err != nil {
		t.Fatal(err)
	}
	for _, rt := range w.routes() {
		for _, tt := range []struct {
			as, says string
			status   int
			applies  bool
		}{
			{"", "The access token is invalid", 401, rt.access == person || rt.access == anyToken},
			{"nonsense", "The access token is invalid", 401, rt.access == person || rt.access == anyToken},
			{revoked, "The access token was revoked", 401, rt.access != open},
			{"disabled", "Your login is currently disabled", 403, rt.access != open},
			{program, "This method requires an authenticated user", 422, rt.access == person},
		} {
			if !tt.applies {
				continue
			}
			got := w.do(tt.as, rt.method, rt.target("1"), "")
			if got.status != tt.status || string(got.body) != `{"error":"`+tt.says+`"}` {
				t.Errorf("%s %s with a token that is %q: %d %s, want %d %s", rt.method, rt.path, tt.says, got.status, got.body, tt.status, tt.says)
			}
			if challenge := got.header.Get("WWW-Authenticate"); (tt.status == 401) != strings.HasPrefix(challenge, `Bearer realm="Doorkeeper", error="invalid_token"`) {
				t.Errorf("%s %s: WWW-Authenticate %q with %d", rt.method, rt.path, challenge, got.status)
			}
		}
		if rt.access == anybody {
			if a, b := w.do("", rt.method, rt.target("1"), ""), w.do("nonsense", rt.method, rt.target("1"), ""); a.status != b.status || !bytes.Equal(a.body, b.body) {
				t.Errorf("%s %s: nobody gets %d, an unknown token %d %s", rt.method, rt.path, a.status, b.status, b.body)
			}
		}
		if rt.access == open {
			if a, b := w.do("", rt.method, rt.target("1"), ""), w.do(revoked, rt.method, rt.target("1"), ""); a.status != b.status {
				t.Errorf("%s %s takes no tokens: nobody gets %d, a revoked one %d", rt.method, rt.path, a.status, b.status)
			}
		}
	}
}

// encodings are the ways in which apps send the same parameters; brackets at the end say that a value is a list.
var encodings = map[string]func(method, target string, values url.Values) *http.Request{
	"query": func(method, target string, values url.Values) *http.Request {
		return httptest.NewRequest(method, target+"?"+values.Encode(), nil)
	},
	"form": func(method, target string, values url.Values) *http.Request {
		r := httptest.NewRequest(method, target, strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
		return r
	},
	"multipart": func(method, target string, values url.Values) *http.Request {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, all := range values {
			for _, v := range all {
				_ = form.WriteField(name, v)
			}
		}
		form.Close()
		r := httptest.NewRequest(method, target, &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return r
	},
	"JSON": func(method, target string, values url.Values) *http.Request {
		object := map[string]any{}
		for name, all := range values {
			if list, ok := strings.CutSuffix(name, "[]"); ok {
				object[list] = all
			} else {
				object[name] = all[0]
			}
		}
		body, _ := json.Marshal(object)
		r := httptest.NewRequest(method, target, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		return r
	},
	"JSON with brackets in its names": func(method, target string, values url.Values) *http.Request {
		object := map[string]any{}
		for name, all := range values {
			if object[name] = any(all[0]); strings.HasSuffix(name, "[]") {
				object[name] = all
			}
		}
		body, _ := json.Marshal(object)
		r := httptest.NewRequest(method, target, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		return r
	},
}

// Parameters are taken from wherever they come, on every verb.
func TestSemantics_encodings(t *testing.T) {
	t.Parallel()
	for name, encode := range encodings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			send := func(method, target string, pairs ...string) answer {
				t.Helper()
				values := url.Values{}
				for i := 0; i+1 < len(pairs); i += 2 {
					values.Add(pairs[i], pairs[i+1])
				}
				got := w.send("alice", encode(method, target, values))
				if got.status != http.StatusOK {
					t.Fatalf("%s %s %v: %d %s", method, target, values, got.status, got.body)
				}
				return got
			}
			read := func(got answer, v any) {
				t.Helper()
				if err := json.Unmarshal(got.body, v); err != nil {
					t.Fatal(err)
				}
			}
			var post clientapi.Status
			read(send("POST", "/api/v1/statuses", "status", "ünïcode & plus+", "visibility", "unlisted", "poll[options][]", "yes", "poll[options][]", "no", "poll[expires_in]", "600", "sensitive", "off"), &post)
			if post.Visibility != "unlisted" || post.Poll == nil || len(post.Poll.Options) != 2 || post.Sensitive || !strings.Contains(post.Content, "ünïcode &amp; plus+") {
				t.Errorf("POST: %+v, want an unlisted poll of two", post)
			}
			read(send("PUT", "/api/v1/statuses/"+post.ID, "status", "other words", "spoiler_text", "careful"), &post)
			if post.SpoilerText != "careful" || !strings.Contains(post.Content, "other words") {
				t.Errorf("PUT: %+v", post)
			}
			var me clientapi.Account
			read(send("PATCH", "/api/v1/accounts/update_credentials", "display_name", "Alice", "locked", "True", "fields_attributes[0][name]", "site", "fields_attributes[0][value]", "here"), &me)
			if me.DisplayName != "Alice" || !me.Locked || len(me.Fields) != 1 || me.Fields[0].Name != "site" {
				t.Errorf("PATCH: %+v", me)
			}
			send("POST", "/api/v1/domain_blocks", "domain", "bad.test")
			send("DELETE", "/api/v1/domain_blocks", "domain", "bad.test")
			var domains []string
			read(send("GET", "/api/v1/domain_blocks"), &domains)
			if len(domains) != 0 {
				t.Errorf("DELETE did not find its parameter: %v", domains)
			}
			var ties []clientapi.Relationship
			read(send("GET", "/api/v1/accounts/relationships", "id[]", w.id("bob"), "id[]", w.id("lena")), &ties)
			if len(ties) != 2 {
				t.Errorf("GET with a list: %+v, want two", ties)
			}
			read(send("GET", "/api/v1/accounts/relationships", "id", w.id("bob")), &ties)
			if len(ties) != 1 {
				t.Errorf("GET with one in place of a list: %+v, want one", ties)
			}
		})
	}
}

var (
	oneLink    = regexp.MustCompile(`^<(https://alpha\.test/api/[^>]+)>; rel="(next|prev)"$`)
	cursorWord = regexp.MustCompile(`[?&](max_id|min_id|since_id|offset)=\d+`)
)

// Lists are paged by Link headers: absolute, with what narrows the list and one cursor; an empty page has none, and following
// next to the end meets everything once.
func TestSemantics_links(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.random = true
	for i := range 5 {
		id := w.post("bob", fmt.Sprintf("post %d #tag @alice", i))
		for _, act := range []string{"favourite", "bookmark", "reblog"} {
			ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+id+"/"+act, "")
		}
		ok[struct{}](w, "alice", "POST", fmt.Sprintf("/api/v1/domain_blocks?domain=bad%d.test", i), "")
		ok[clientapi.Tag](w, "alice", "POST", fmt.Sprintf("/api/v1/tags/tag%d/follow", i), "")
		name := fmt.Sprintf("p%d", i)
		w.join(name)
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", "")
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("lena")+"/follow", "")
		ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id(name)+"/mute", "")
		ok[clientapi.Relationship](w, "lena", "POST", "/api/v1/accounts/"+w.id(name)+"/block", "")
		w.post(name, "psst @bob", "visibility=direct")
	}
	ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", "")
	bob := "/api/v1/accounts/" + w.id("bob")
	for _, tt := range []struct{ as, target, keeps string }{
		{"alice", "/api/v1/timelines/public?local=true", "local=true"},
		{"", "/api/v1/timelines/tag/tag?any[]=x", "any%5B%5D=x"},
		{"alice", "/api/v1/favourites", ""},
		{"alice", "/api/v1/bookmarks", ""},
		{"alice", "/api/v1/domain_blocks", ""},
		{"alice", "/api/v1/followed_tags", ""},
		{"alice", "/api/v1/notifications?types[]=mention", "types%5B%5D=mention"},
		{"bob", "/api/v1/mutes", ""},
		{"lena", "/api/v1/blocks", ""},
		{"bob", "/api/v1/conversations", ""},
		{"alice", bob + "/statuses?exclude_replies=true", "exclude_replies=true"},
		{"alice", bob + "/followers", ""},
		{"p0", "/api/v1/accounts/" + w.id("p0") + "/following", ""},
		{"alice", "/api/v2/notifications?grouped_types[]=follow", "grouped_types%5B%5D=follow"},
	} {
		seen, next, pages := map[string]bool{}, tt.target+map[bool]string{true: "&", false: "?"}[strings.Contains(tt.target, "?")]+"limit=2", 0
		for next != "" && pages < 20 {
			got := w.do(tt.as, "GET", next, "")
			if got.status != http.StatusOK {
				t.Fatalf("%s: %d %s", next, got.status, got.body)
			}
			var list []json.RawMessage
			if json.Unmarshal(got.body, &list) != nil {
				var grouped struct {
					Groups []json.RawMessage `json:"notification_groups"`
				}
				if err := json.Unmarshal(got.body, &grouped); err != nil {
					t.Fatalf("%s: %s", next, got.body)
				}
				list = grouped.Groups
			}
			for _, item := range list {
				if seen[string(item)] {
					t.Errorf("%s shows twice %.80s", tt.target, item)
				}
				seen[string(item)] = true
			}
			pages, next = pages+1, ""
			links := got.header.Get("Link")
			if links == "" {
				break
			}
			if len(list) == 0 {
				t.Errorf("%s: an empty page has the Link %s", tt.target, links)
			}
			for _, link := range strings.Split(links, ", ") {
				m := oneLink.FindStringSubmatch(link)
				if m == nil {
					t.Errorf("%s: the Link %q is none", tt.target, link)
					continue
				}
				if len(cursorWord.FindAllString(m[1], -1)) != 1 || !strings.Contains(m[1], "limit=2") || !strings.Contains(m[1], tt.keeps) || strings.Contains(m[1], "token") {
					t.Errorf("%s: the Link to %s, want one cursor, the limit and %q", tt.target, m[1], tt.keeps)
				}
				if m[2] == "next" {
					next = strings.TrimPrefix(m[1], "https://alpha.test")
				}
			}
		}
		if len(seen) == 0 || pages < 2 && tt.target != "/api/v1/accounts/"+w.id("p0")+"/following" {
			t.Errorf("%s: %d things on %d pages, want more than one page", tt.target, len(seen), pages)
		}
	}
}

// Booleans, numbers and what must be sent are read alike everywhere.
func TestSemantics_values(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "x")
	for _, tt := range []struct {
		as, method, target, form string
		status                   int
		says                     string
	}{
		{"alice", "GET", "/api/v2/search", "", 400, "param is missing or the value is empty or invalid: q"},
		{"alice", "GET", "/api/v2/search?q=x&offset=-1", "", 400, ""},
		{"alice", "GET", "/api/v1/timelines/home?limit=many", "", 400, ""},
		{"alice", "GET", "/api/v1/timelines/home?max_id=x", "", 400, ""},
		{"alice", "GET", "/api/v1/timelines/home?limit=-3", "", 200, ""},
		{"alice", "POST", "/api/v1/statuses", "", 422, ""},
		{"alice", "POST", "/api/v1/statuses", "status=x&visibility=secret", 422, ""},
		{"alice", "POST", "/api/v1/statuses", "status=x&in_reply_to_id=17", 404, ""},
		{"alice", "POST", "/api/v1/statuses", "status=x&media_ids[]=17", 422, ""},
		{"alice", "GET", "/api/v1/statuses/17", "", 404, "Record not found"},
		{"alice", "GET", "/api/v1/nothing", "", 404, "Not Found"},
		{"alice", "POST", "/api/v1/polls/" + id + "/votes", "choices[]=0", 404, ""},
		{"alice", "POST", "/api/v1/accounts/" + w.id("alice") + "/follow", "", 403, ""},
		{"alice", "PATCH", "/api/v1/accounts/update_credentials", "display_name=" + strings.Repeat("x", 31), 422, ""},
	} {
		got := w.do(tt.as, tt.method, tt.target, tt.form)
		var e struct {
			Error   string
			Details map[string][]struct{ Error, Description string }
		}
		if err := json.Unmarshal(got.body, &e); got.status >= 400 && (err != nil || e.Error == "") || got.status != tt.status || tt.says != "" && e.Error != tt.says {
			t.Errorf("%s %s %s: %d %s, want %d %s", tt.method, tt.target, tt.form, got.status, got.body, tt.status, tt.says)
		}
		if strings.HasSuffix(tt.target, "update_credentials") {
			if d := e.Details["display_name"]; len(d) != 1 || d[0].Error != "ERR_TOO_LONG" || d[0].Description == "" || !strings.HasPrefix(e.Error, "Validation failed: ") {
				t.Errorf("what is wrong with a profile: %s, want it said of display_name", got.body)
			}
		}
	}
}

// Every date has milliseconds and is UTC, every id is a string of digits.
func TestSemantics_idsAndDates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "dated @bob #tag", "poll[options][]=a", "poll[options][]=b", "poll[expires_in]=600")
	ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses/"+id+"/favourite", "")
	ok[struct{ ID string }](w, "alice", "POST", "/api/v2/filters", "title=x&context[]=home&expires_in=3600&keywords_attributes[][keyword]=y")
	ok[struct{ ID string }](w, "alice", "POST", "/api/v1/statuses", "status=later&scheduled_at="+url.QueryEscape(w.Now().Add(time.Hour).Format(time.RFC3339)))
	ok[json.RawMessage](w, "alice", "POST", "/api/v1/markers", "home[last_read_id]="+id)
	dated := 0
	for _, tt := range []struct{ as, target string }{
		{"alice", "/api/v1/statuses/" + id}, {"alice", "/api/v1/accounts/verify_credentials"}, {"alice", "/api/v1/notifications"}, {"alice", "/api/v2/notifications"},
		{"alice", "/api/v2/filters"}, {"alice", "/api/v1/scheduled_statuses"}, {"alice", "/api/v1/markers?timeline[]=home"}, {"alice", "/api/v1/statuses/" + id + "/history"},
	} {
		var v any
		if err := json.Unmarshal(w.do(tt.as, "GET", tt.target, "").body, &v); err != nil {
			t.Fatal(err)
		}
		walk("", v, func(inside, name string, v any) {
			s, isString := v.(string)
			switch {
			case name == "created_at" || name == "expires_at" && v != nil || name == "scheduled_at" || name == "updated_at":
				if inside == "params" {
					break // as it was sent, with a number and nulls (behaviours.md §1)
				}
				dated++
				if _, err := time.Parse("2006-01-02T15:04:05.000Z", s); err != nil {
					t.Errorf("%s: %s is %v", tt.target, name, v)
				}
			case name == "last_status_at" && v != nil:
				if _, err := time.Parse(time.DateOnly, s); err != nil {
					t.Errorf("%s: %s is %v", tt.target, name, v)
				}
			case (name == "id" || strings.HasSuffix(name, "_id")) && v != nil:
				if inside != "params" && s != "-99" && (!isString || strings.Trim(s, "0123456789") != "" || s == "") { // -99 is everybody's role
					t.Errorf("%s: %s is %#v, want digits in a string", tt.target, name, v)
				}
			}
		})
	}
	if dated < 10 {
		t.Errorf("only %d dates were seen", dated)
	}
}

// walk calls see for every member of an object in v.
func walk(name string, v any, see func(inside, name string, v any)) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			see(name, key, inner)
			walk(key, inner, see)
		}
	case []any:
		for _, inner := range v {
			walk(name, inner, see)
		}
	}
}
