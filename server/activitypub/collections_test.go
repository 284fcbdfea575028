package activitypub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"orrery/social"
)

// walk follows next from target and returns the items of each page, as ids.
func (w *world) walk(target, items string) [][]string {
	w.t.Helper()
	var pages [][]string
	for range 20 {
		doc := w.get(target).document(w.t)
		if first, ok := doc["first"].(map[string]any); ok {
			doc = first
		}
		page := []string{}
		for _, v := range doc[items].([]any) {
			if m, ok := v.(map[string]any); ok {
				v = m["id"]
			}
			page = append(page, v.(string))
		}
		pages = append(pages, page)
		next, ok := doc["next"].(string)
		if !ok {
			return pages
		}
		target = strings.TrimPrefix(next, w.URLs.Origin)
	}
	w.t.Fatalf("%s never ends: %v", target, pages)
	return nil
}

func TestReplies_list_the_author_first_then_everybody_else(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	berta := w.remote("berta", "beta.test")
	p := w.post(w.alice, "P")
	var own, others []string
	for i := range 7 {
		own = append(own, w.post(w.alice, fmt.Sprint("own ", i), answering(p)).URI)
		if i < 3 {
			others = append(others, w.post(berta, fmt.Sprint("other ", i), answering(p)).URI)
		}
	}
	w.post(w.alice, "hidden", answering(p), seenBy(social.Private))
	w.post(berta, "hidden", answering(p), seenBy(social.Direct))

	first := w.get(path(p)).document(t)["replies"].(map[string]any)["first"].(map[string]any)
	if got := fmt.Sprint(first["items"]); got != fmt.Sprint(own[:5]) {
		t.Errorf("embedded: got %s, want the author's first five %v", got, own[:5])
	}
	next := strings.TrimPrefix(first["next"].(string), w.URLs.Origin)
	if got, want := w.walk(next, "items"), [][]string{own[5:], others}; !equal(got, want) {
		t.Errorf("from the embedded page on: got %v, want %v", got, want)
	}
	if got, want := w.walk(path(p)+"/replies", "items"), [][]string{own, others}; !equal(got, want) {
		t.Errorf("from the collection on: got %v, want %v", got, want)
	}
	page := w.get(path(p) + "/replies?page=true").document(t)["items"].([]any)
	if _, whole := page[0].(map[string]any); !whole {
		t.Errorf("a local reply is listed as %v, want the whole note", page[0])
	}
}

func TestReplies_fill_pages_of_sixty(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	berta := w.remote("berta", "beta.test")
	p := w.post(w.alice, "P")
	var own, others []string
	for range 60 {
		own = append(own, w.post(w.alice, "own", answering(p)).URI)
	}
	for range 61 {
		others = append(others, w.post(berta, "other", answering(p)).URI)
	}
	want := [][]string{own, {}, others[:60], others[60:]}
	if got := w.walk(path(p)+"/replies?page=true", "items"); !equal(got, want) {
		t.Errorf("got pages of %v, want %v", lengths(got), lengths(want))
	}
}

func TestReplies_of_everyone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test", func(d *Documents) { d.RepliesEveryone, d.RepliesEmbedded = true, 3 })
	berta := w.remote("berta", "beta.test")
	p := w.post(w.alice, "P")
	all := []string{
		w.post(berta, "1", answering(p)).URI, w.post(w.alice, "2", answering(p)).URI,
		w.post(berta, "3", answering(p)).URI, w.post(berta, "4", answering(p)).URI,
	}
	first := w.get(path(p)).document(t)["replies"].(map[string]any)["first"].(map[string]any)
	if got := fmt.Sprint(first["items"]); got != fmt.Sprint(all[:3]) {
		t.Errorf("embedded: got %s, want %v", got, all[:3])
	}
	next := strings.TrimPrefix(first["next"].(string), w.URLs.Origin)
	if got, want := w.walk(next, "items"), [][]string{all[3:]}; !equal(got, want) {
		t.Errorf("from the embedded page on: got %v, want %v", got, want)
	}
}

func TestOutbox_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	var all []string
	for range 45 {
		all = append(all, w.post(w.alice, "x").URI+"/activity")
	}
	slices.Reverse(all)
	root := w.get("/users/alice/outbox").document(t)
	if got := root["totalItems"]; got != 45.0 {
		t.Errorf("totalItems %v, want 45", got)
	}
	first := strings.TrimPrefix(root["first"].(string), w.URLs.Origin)
	if got, want := w.walk(first, "orderedItems"), [][]string{all[:20], all[20:40], all[40:]}; !equal(got, want) {
		t.Errorf("got pages of %v, want %v", lengths(got), lengths(want))
	}
	last := w.get(strings.TrimPrefix(root["last"].(string), w.URLs.Origin)).document(t)
	items := last["orderedItems"].([]any)
	if got, want := items[len(items)-1].(map[string]any)["id"], all[44]; got != want {
		t.Errorf("the last page ends with %v, want the oldest %v", got, want)
	}
	prev := w.get(strings.TrimPrefix(last["prev"].(string), w.URLs.Origin)).document(t)["orderedItems"].([]any)
	if got, want := prev[len(prev)-1].(map[string]any)["id"], all[24]; got != want {
		t.Errorf("the page before the last ends with %v, want %v", got, want)
	}
	for _, q := range []string{"max_id=x", "min_id=-3", "max_id=" + strings.Repeat("9", 40)} {
		if got := w.get("/users/alice/outbox?page=true&" + q); got.status != 200 || got.document(t)["id"] != root["first"] {
			t.Errorf("%s: got %d %v, want the first page", q, got.status, got.document(t)["id"])
		}
	}
}

func TestFollowers_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	var all []string
	for i := range 26 {
		a := w.remote(fmt.Sprint("fan", i), "beta.test")
		w.follow(a, w.alice)
		all = append(all, a.URI)
	}
	slices.Reverse(all)
	root := w.get("/users/alice/followers").document(t)
	first := strings.TrimPrefix(root["first"].(string), w.URLs.Origin)
	if got, want := w.walk(first, "orderedItems"), [][]string{all[:12], all[12:24], all[24:]}; !equal(got, want) {
		t.Errorf("got pages of %v, want %v", lengths(got), lengths(want))
	}
	for q, want := range map[string]int{
		"0": 12, "-5": 12, "x": 12, "3": 2, "4": 0, "2147483648": 0, "99999999999999999999999": 0, "2": 12,
	} {
		doc := w.get("/users/alice/followers?page=" + q).document(t)
		if got := len(doc["orderedItems"].([]any)); got != want || doc["totalItems"] != 26.0 {
			t.Errorf("page %s: got %d of %v, want %d of 26", q, got, doc["totalItems"], want)
		}
	}
	two := w.get("/users/alice/followers?page=2").document(t)
	if two["prev"] != w.alice.FollowersURL+"?page=1" || two["next"] != w.alice.FollowersURL+"?page=3" {
		t.Errorf("page 2 stands between %v and %v", two["prev"], two["next"])
	}
	if got := w.walk("/users/alice/following?page=1", "orderedItems"); !equal(got, [][]string{{}}) {
		t.Errorf("following: got %v, want one empty page", got)
	}
}

func equal(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal[[]string]) }

func lengths(pages [][]string) (ns []int) {
	for _, p := range pages {
		ns = append(ns, len(p))
	}
	return ns
}
