package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// trending makes two people use #sky, and like and link to the same.
func trending(t *testing.T) (w *world, post string) {
	t.Helper()
	w = staffed(t)
	post = w.post("alice", "Look at the #sky")
	other := w.post("bob", "The #sky again")
	for _, who := range []string{"bob", "mona"} {
		ok[clientapi.Status](w, who, "POST", "/api/v1/statuses/"+post+"/favourite", "")
	}
	id, err := w.Store.PutCard(t.Context(), social.Card{ID: w.Accounts.NewID(), URL: "https://news.test/1", Kind: "link", Title: "News", FetchedAt: w.Now()})
	for _, s := range []string{post, other} {
		status, _ := social.ParseID(s)
		if err == nil {
			err = w.Store.SetCard(t.Context(), status, id, "https://news.test/1")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return w, post
}

func TestAdminTrends(t *testing.T) {
	t.Parallel()
	w, post := trending(t)
	const path = "/api/v1/admin/trends/"
	tags := ok[[]clientapi.AdminTag](w, "mona", "GET", path+"tags", "")
	links := ok[[]clientapi.AdminTrendingLink](w, "mona", "GET", path+"links", "")
	posts := ok[[]clientapi.AdminTrendingStatus](w, "mona", "GET", path+"statuses", "")
	hosts := ok[[]clientapi.AdminPublisher](w, "mona", "GET", path+"links/publishers", "")
	if len(tags) != 1 || tags[0].Name != "sky" || !tags[0].Trendable || !tags[0].RequiresReview {
		t.Fatalf("tags: %+v", tags)
	}
	if len(links) != 1 || links[0].Title != "News" || !links[0].RequiresReview {
		t.Fatalf("links: %+v", links)
	}
	if len(posts) != 1 || posts[0].ID != post || !posts[0].RequiresReview {
		t.Fatalf("posts: %+v", posts)
	}
	if len(hosts) != 1 || hosts[0].Domain != "news.test" || hosts[0].Trendable != nil || hosts[0].ReviewedAt != nil {
		t.Fatalf("hosts: %+v", hosts)
	}
	for _, tt := range []struct{ one, public string }{
		{"tags/" + tags[0].ID, "tags"}, {"links/" + links[0].ID, "links"}, {"statuses/" + post, "statuses"},
	} {
		shown := func() int { return len(ok[[]struct{}](w, "", "GET", "/api/v1/trends/"+tt.public, "")) }
		if shown() != 1 {
			t.Errorf("%s does not trend before anybody decided", tt.one)
		}
		if got := ok[struct {
			RequiresReview bool `json:"requires_review"`
		}](w, "mona", "POST", path+tt.one+"/reject", ""); got.RequiresReview || shown() != 0 {
			t.Errorf("rejected, %s is still to be reviewed (%v) or shown", tt.one, got.RequiresReview)
		}
		if len(ok[[]struct{}](w, "mona", "GET", path+tt.public, "")) != 1 {
			t.Errorf("staff do not see %s any more", tt.one)
		}
		ok[struct{}](w, "mona", "POST", path+tt.one+"/approve", "")
		if shown() != 1 {
			t.Errorf("approved, %s is not shown", tt.one)
		}
		w.fails("alice", "POST", path+tt.one+"/approve", "", 403) // no role
		w.fails("bob", "POST", path+tt.one+"/approve", "", 403)   // no scope
		w.fails("mona", "POST", path+tt.public+"/1/approve", "", 404)
		w.fails("mona", "POST", path+tt.public+"/x/reject", "", 404)
	}
	if got := ok[clientapi.AdminPublisher](w, "mona", "POST", path+"links/publishers/"+hosts[0].ID+"/reject", ""); got.Trendable == nil || *got.Trendable || got.ReviewedAt == nil {
		t.Errorf("a rejected host: %+v", got)
	}
	if got := ok[clientapi.AdminPublisher](w, "mona", "POST", path+"links/publishers/"+hosts[0].ID+"/approve", ""); !*got.Trendable {
		t.Errorf("an approved host: %+v", got)
	}
	w.fails("mona", "POST", path+"links/publishers/1/approve", "", 404)
	hidden := w.post("mona", "secret", "visibility=private")
	w.fails("mona", "POST", path+"statuses/"+hidden+"/approve", "", 404)
}

func TestAdminTags(t *testing.T) {
	t.Parallel()
	w, _ := trending(t)
	w.post("alice", "#One #two #three")
	const path = "/api/v1/admin/tags"
	all := ok[[]clientapi.AdminTag](w, "mona", "GET", path, "")
	if len(all) != 4 {
		t.Fatalf("%d tags, want 4", len(all))
	}
	var paged []string
	next := path + "?limit=3"
	for next != "" {
		got := w.do("mona", "GET", next, "")
		next = ""
		for _, link := range strings.Split(got.header.Get("Link"), ", ") {
			if address, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
				u, _ := url.Parse(strings.TrimPrefix(address, "<"))
				next = u.RequestURI()
			}
		}
		paged = append(paged, strings.Split(string(got.body), `"name":"`)[1:]...)
	}
	if len(paged) != 4 {
		t.Errorf("pages have %d tags, want 4", len(paged))
	}
	if newer := ok[[]clientapi.AdminTag](w, "mona", "GET", path+"?limit=1&min_id="+all[2].ID, ""); len(newer) != 1 || newer[0].ID != all[1].ID {
		t.Errorf("just above %s is %+v, want %s", all[2].ID, newer, all[1].ID)
	}
	id := ""
	for _, tag := range all {
		if tag.Name == "one" {
			id = tag.ID
		}
	}
	one := path + "/" + id
	if got := ok[clientapi.AdminTag](w, "mona", "GET", one, ""); got.Name != "one" || !got.Usable || !got.Listable {
		t.Errorf("got %+v", got)
	}
	got := ok[clientapi.AdminTag](w, "mona", "PUT", one, "display_name=ONE&usable=false&listable=false&trendable=false")
	if got.Name != "ONE" || got.Usable || got.Listable || got.Trendable || got.RequiresReview {
		t.Errorf("changed: %+v", got)
	}
	if !strings.HasSuffix(got.URL, "/tags/one") {
		t.Errorf("its address is %s", got.URL)
	}
	w.fails("alice", "POST", "/api/v1/statuses", "status=%23One+again", 422)
	if found := ok[clientapi.SearchResults](w, "alice", "GET", "/api/v2/search?q=one", ""); len(found.Hashtags) != 0 {
		t.Errorf("a search finds %+v", found.Hashtags)
	}
	if got := ok[clientapi.AdminTag](w, "mona", "PUT", one, "usable=true"); !got.Usable || got.Listable || got.Name != "ONE" {
		t.Errorf("what was not sent changed: %+v", got)
	}
	w.post("alice", "#One again")
	w.fails("mona", "PUT", one, "display_name=two", 422)
	w.fails("mona", "GET", path+"/1", "", 404)
	w.fails("mona", "GET", path+"/x", "", 404)
	w.fails("alice", "GET", path, "", 403)
	w.fails("bob", "PUT", one, "usable=true", 403)
}

func TestAdminMeasures(t *testing.T) {
	t.Parallel()
	w, post := trending(t)
	today := w.Now().UTC().Format(time.DateOnly)
	week := "start_at=" + w.Now().UTC().AddDate(0, 0, -6).Format(time.DateOnly) + "&end_at=" + today
	tag := ok[[]clientapi.AdminTag](w, "mona", "GET", "/api/v1/admin/trends/tags", "")[0].ID
	ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses/"+post+"/reblog", "")
	w.post("bob", "@alice yes", "in_reply_to_id="+post)
	if _, err := w.Follows.Follow(t.Context(), w.people["alice"].ID, w.people["bob"].ID); err != nil {
		t.Fatal(err)
	}
	rita := w.people["rita"]
	if err := w.Store.InsertFollow(t.Context(), social.Follow{ID: w.Accounts.NewID(), AccountID: rita.ID, TargetID: w.people["alice"].ID, URI: "https://remote.test/f", CreatedAt: w.Now()}); err != nil {
		t.Fatal(err)
	}
	ok[clientapi.Report](w, "alice", "POST", "/api/v1/reports", "account_id="+w.id("rita"))

	want := map[string]string{
		"active_users": "5", "new_users": "5", "interactions": "4", "opened_reports": "1", "resolved_reports": "0",
		"tag_uses": "2", "tag_accounts": "2", "tag_servers": "1",
		"instance_accounts": "1", "instance_media_attachments": "0", "instance_reports": "1", "instance_statuses": "0", "instance_follows": "0", "instance_followers": "1",
	}
	form := week
	for key := range want {
		form += "&keys[]=" + key + "&" + key + "[id]=" + tag + "&" + key + "[domain]=remote.test"
	}
	got := ok[[]clientapi.AdminMeasure](w, "mona", "POST", "/api/v1/admin/measures", form+"&keys[]=nonsense")
	if len(got) != len(want) {
		t.Errorf("%d measures, want %d", len(got), len(want))
	}
	for _, m := range got {
		if m.Total != want[m.Key] || len(m.Data) != 7 || m.Key != "instance_media_attachments" && m.Total != m.Data[6].Value {
			t.Errorf("%s is %s, by the day %+v, want %s, all today", m.Key, m.Total, m.Data, want[m.Key])
		}
		if compared := !strings.HasPrefix(m.Key, "instance_"); compared != (m.PreviousTotal == "0") {
			t.Errorf("%s was %q a week before", m.Key, m.PreviousTotal)
		}
	}

	form = week
	dimensions := []string{"languages", "sources", "servers", "space_usage", "software_versions", "tag_servers", "tag_languages", "instance_accounts", "instance_languages"}
	for _, key := range dimensions {
		form += "&keys[]=" + key + "&" + key + "[id]=" + tag + "&" + key + "[domain]=remote.test"
	}
	shared := map[string][]clientapi.AdminShare{}
	for _, d := range ok[[]clientapi.AdminDimension](w, "mona", "POST", "/api/v1/admin/dimensions", form+"&keys[]=nonsense") {
		shared[d.Key] = d.Data
	}
	if len(shared) != len(dimensions) {
		t.Errorf("%d dimensions, want %d", len(shared), len(dimensions))
	}
	if s := shared["servers"]; len(s) != 1 || s[0].HumanKey != "alpha.test" || s[0].Value != "4" {
		t.Errorf("servers: %+v", s)
	}
	if s := shared["sources"]; len(s) != 1 || s[0].HumanKey != "Website" || s[0].Value != "5" {
		t.Errorf("sources: %+v", s)
	}
	if s := shared["software_versions"]; len(s) != 1 || s[0].Value != w.Info.Version {
		t.Errorf("versions: %+v", s)
	}

	cohorts := ok[[]clientapi.AdminCohort](w, "mona", "POST", "/api/v1/admin/retention", week+"&frequency=day")
	if len(cohorts) != 7 || len(cohorts[0].Data) != 7 || len(cohorts[6].Data) != 1 || cohorts[6].Data[0].Value != "5" || cohorts[6].Data[0].Rate != 1 {
		t.Errorf("cohorts: %+v", cohorts)
	}
	if months := ok[[]clientapi.AdminCohort](w, "mona", "POST", "/api/v1/admin/retention", "start_at=2026-01-15&end_at=2026-03-02&frequency=month"); len(months) != 3 {
		t.Errorf("%d months, want 3", len(months))
	}
	for form, status := range map[string]int{
		"": 400, "keys[]=new_users": 400, "keys[]=new_users&start_at=x&end_at=" + today: 400, "keys[]=new_users&start_at=" + today + "&end_at=2020-01-01": 400,
		"keys[]=new_users&start_at=1980-01-01&end_at=" + today: 400, week + "&keys[]=tag_uses": 404, week + "&keys[]=tag_uses&tag_uses[id]=1": 404,
	} {
		w.fails("mona", "POST", "/api/v1/admin/measures", form, status)
	}
	w.fails("mona", "POST", "/api/v1/admin/dimensions", week, 400)
	w.fails("mona", "POST", "/api/v1/admin/retention", week, 400)
	w.fails("mona", "POST", "/api/v1/admin/retention", week+"&frequency=year", 400)
	w.fails("mona", "POST", "/api/v1/admin/retention", "start_at=2024-01-01&end_at=2026-01-01&frequency=day", 400)
	for _, path := range []string{"measures", "dimensions", "retention"} {
		w.fails("alice", "POST", "/api/v1/admin/"+path, week, 403)
		w.fails("bob", "POST", "/api/v1/admin/"+path, week, 403)
	}

	if got := ok[clientapi.DomainBlockPreview](w, "alice", "GET", "/api/v1/domain_blocks/preview?domain=Remote.test", ""); got.FollowersCount != 1 || got.FollowingCount != 0 {
		t.Errorf("a block of remote.test would end %+v", got)
	}
	w.fails("alice", "GET", "/api/v1/domain_blocks/preview", "", 400)
	w.fails("", "GET", "/api/v1/domain_blocks/preview?domain=remote.test", "", 401)
}
