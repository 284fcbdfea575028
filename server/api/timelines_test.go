package api

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

func idsOf(list []clientapi.Status) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, s.ID)
	}
	return out
}

func TestTimelines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	public := w.post("alice", "one #fun")
	unlisted := w.post("alice", "two #fun", "visibility=unlisted")
	private := w.post("alice", "three", "visibility=private")
	reply := w.post("lena", "four #fun #sad", "in_reply_to_id="+public)
	boost := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+reply+"/reblog", "").ID
	alice := "/api/v1/accounts/" + w.id("alice") + "/statuses"
	for _, tt := range []struct {
		as, target string
		want       []string
	}{
		{"bob", "/api/v1/timelines/home", []string{boost, private, unlisted, public}},
		{"", "/api/v1/timelines/public", []string{public}},
		{"", "/api/v1/timelines/public?local=true", []string{public}},
		{"", "/api/v1/timelines/public?remote=true", nil},
		{"", "/api/v1/timelines/public?only_media=true", nil},
		{"", "/api/v1/timelines/public?limit=0", nil},
		{"", "/api/v1/timelines/tag/FUN", []string{reply, public}},
		{"", "/api/v1/timelines/tag/fun?all[]=sad", []string{reply}},
		{"", "/api/v1/timelines/tag/fun?none[]=sad", []string{public}},
		{"", "/api/v1/timelines/tag/nothing?any[]=fun&any[]=sad", []string{reply, public}},
		{"", "/api/v1/timelines/tag/fun?remote=true", nil},
		{"", "/api/v1/timelines/tag/%23", nil},
		{"", alice, []string{boost, unlisted, public}},
		{"bob", alice, []string{boost, private, unlisted, public}},
		{"bob", alice + "?exclude_reblogs=true", []string{private, unlisted, public}},
		{"bob", alice + "?tagged=Fun", []string{unlisted, public}},
		{"bob", alice + "?pinned=true", nil},
		{"bob", alice + "?only_media=1", nil},
		{"bob", "/api/v1/accounts/" + w.id("lena") + "/statuses?exclude_replies=true", nil},
		{"bob", "/api/v1/accounts/" + w.id("lena") + "/statuses?exclude_replies=false", []string{reply}},
	} {
		got := idsOf(ok[[]clientapi.Status](w, tt.as, "GET", tt.target, ""))
		if diff := cmp.Diff(append([]string{}, tt.want...), got); diff != "" {
			t.Errorf("%s as %q (-want +got):\n%s", tt.target, tt.as, diff)
		}
	}
	for _, bad := range []string{"limit=many", "max_id=x", "min_id=-1", "since_id=99999999999999999999"} {
		for _, target := range []string{"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/x", alice, "/api/v1/notifications"} {
			w.fails("bob", "GET", target+"?"+bad, "", 400)
		}
	}
}

var linkPattern = regexp.MustCompile(`^<(https://alpha\.test[^>]*)>; rel="next", <(https://alpha\.test[^>]*)>; rel="prev"$`)

// Pages are followed by the Link header to their end, and back.
func TestPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []string
	for range 5 {
		want = append(want, w.post("alice", "x #y"))
	}
	slices.Reverse(want)
	for _, target := range []string{
		"/api/v1/timelines/home", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/y?any[]=z", "/api/v1/accounts/" + w.id("alice") + "/statuses",
	} {
		first, _ := url.Parse(target)
		query := first.Query()
		query.Set("limit", "2")
		query.Set("access_token", w.tokens["alice"])
		next := first.Path + "?" + query.Encode()
		var seen []string
		var prev string
		for range 10 {
			res := w.do("alice", "GET", next, "")
			link := res.header.Get("Link")
			ids := idPattern.FindAllStringSubmatch(string(res.body), -1)
			if len(ids) == 0 {
				if link != "" {
					t.Errorf("%s: an empty page has the Link %q", next, link)
				}
				break
			}
			parts := linkPattern.FindStringSubmatch(link)
			if parts == nil || strings.Contains(link, w.tokens["alice"]) {
				t.Fatalf("%s: Link %q, want next and prev without the token", next, link)
			}
			for _, id := range ids {
				seen = append(seen, id[1])
			}
			next, prev = strings.TrimPrefix(parts[1], "https://alpha.test"), strings.TrimPrefix(parts[2], "https://alpha.test")
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s by pages (-want +got):\n%s", target, diff)
		}
		// prev of the last page, one status, is the page just above it.
		if got := idsOf(ok[[]clientapi.Status](w, "alice", "GET", prev, "")); !slices.Equal(got, want[2:4]) {
			t.Errorf("%s: back from the end gives %v, want %v", target, got, want[2:4])
		}
	}
	if got := idsOf(ok[[]clientapi.Status](w, "alice", "GET", "/api/v1/timelines/home?since_id="+want[3]+"&limit=2", "")); !slices.Equal(got, want[:2]) {
		t.Errorf("since_id gives %v, want the newest %v", got, want[:2])
	}
}

// The id of a status is the first key; that of its account comes later, after "account".
var idPattern = regexp.MustCompile(`{"id":"(\d+)","created_at"`)

// Every list can be followed to its end, one by one, without a gap, and then says that nothing follows.
func TestPaging_everyList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	others := []string{"bob", "mia", "nils"}
	w.join("mia")
	w.join("nils")
	id := w.post("alice", "hello")
	for _, name := range others {
		ok[clientapi.Status](w, name, "POST", "/api/v1/statuses/"+id+"/favourite", "")
		ok[clientapi.Status](w, name, "POST", "/api/v1/statuses/"+id+"/reblog", "")
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("lena")+"/follow", "")
		ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id(name)+"/follow", "")
	}
	for _, tt := range []struct {
		as, target string
		want       int
	}{
		{"", "/api/v1/statuses/" + id + "/favourited_by", 3},
		{"", "/api/v1/statuses/" + id + "/reblogged_by", 3},
		{"", "/api/v1/accounts/" + w.id("alice") + "/followers", 3},
		{"", "/api/v1/accounts/" + w.id("alice") + "/following", 3},
		{"lena", "/api/v1/follow_requests", 3},
		{"alice", "/api/v1/notifications", 9},
	} {
		next, seen := tt.target+"?limit=1", map[string]bool{}
		for range tt.want + 2 {
			res := w.do(tt.as, "GET", next, "")
			entries := firstID.FindSubmatch(res.body)
			if entries == nil {
				break
			}
			seen[string(entries[1])] = true
			link, _, _ := strings.Cut(strings.TrimPrefix(res.header.Get("Link"), "<https://alpha.test"), ">; rel=\"next\"")
			next = link
		}
		if len(seen) != tt.want {
			t.Errorf("%s one by one gives %d, want %d", tt.target, len(seen), tt.want)
		}
		if end := w.do(tt.as, "GET", next, ""); string(end.body) != "[]" || end.header.Get("Link") != "" {
			t.Errorf("%s does not end: %s with the Link %q", tt.target, end.body, end.header.Get("Link"))
		}
	}
}

var firstID = regexp.MustCompile(`^\[{"id":"(\d+)"`)
