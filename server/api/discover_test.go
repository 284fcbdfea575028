package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

func TestAnnouncements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/api/v1/announcements"
	post := w.post("bob", "linked")
	first, err := w.Announcements.Publish(t.Context(), social.Announcement{
		Text: "Hello @alice, see #news and https://alpha.test/@bob/" + post, StartsAt: w.Now(), EndsAt: w.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Announcements.Publish(t.Context(), social.Announcement{Text: "second"}); err != nil {
		t.Fatal(err)
	}
	got := ok[[]clientapi.Announcement](w, "alice", "GET", path, "")
	if len(got) != 2 || got[0].ID != first.ID.String() || *got[0].Read || got[0].EndsAt == nil || got[1].EndsAt != nil {
		t.Fatalf("got %+v", got)
	}
	a := got[0]
	if len(a.Mentions) != 1 || a.Mentions[0].Acct != "alice" || len(a.Tags) != 1 || a.Tags[0].Name != "news" ||
		len(a.Statuses) != 1 || a.Statuses[0].ID != post || !strings.Contains(a.Content, `href="https://alpha.test/@alice"`) {
		t.Errorf("what it names: got %+v", a)
	}
	one := path + "/" + a.ID
	heart := one + "/reactions/" + url.PathEscape("❤️")
	ok[struct{}](w, "alice", "PUT", heart, "")
	ok[struct{}](w, "alice", "PUT", heart, "")
	ok[struct{}](w, "bob", "PATCH", heart, "")
	for as, me := range map[string]bool{"alice": true, "lena": false} {
		if got := ok[[]clientapi.Announcement](w, as, "GET", path, "")[0].Reactions; len(got) != 1 || got[0].Name != "❤️" || got[0].Count != 2 || *got[0].Me != me {
			t.Errorf("reactions that %s sees: got %+v", as, got)
		}
	}
	ok[struct{}](w, "bob", "DELETE", heart, "")
	ok[struct{}](w, "bob", "DELETE", heart, "")
	if got := ok[[]clientapi.Announcement](w, "bob", "GET", path, "")[0].Reactions; len(got) != 1 || got[0].Count != 1 || *got[0].Me {
		t.Errorf("after taking it back: got %+v", got)
	}
	for _, no := range []string{"word", "%3Cb%3E", "blobcat"} {
		w.fails("alice", "PUT", one+"/reactions/"+no, "", http.StatusUnprocessableEntity)
	}
	for _, e := range []string{"😀", "😁", "😂", "😃", "😄", "😅", "😆"} {
		ok[struct{}](w, "alice", "PUT", one+"/reactions/"+url.PathEscape(e), "")
	}
	w.fails("alice", "PUT", one+"/reactions/"+url.PathEscape("😇"), "", http.StatusUnprocessableEntity)
	for _, method := range []string{"PUT", "DELETE"} {
		w.fails("alice", method, path+"/77/reactions/"+url.PathEscape("😇"), "", http.StatusNotFound)
	}
	ok[struct{}](w, "alice", "POST", one+"/dismiss", "")
	ok[struct{}](w, "alice", "POST", one+"/dismiss", "")
	w.fails("alice", "POST", path+"/77/dismiss", "", http.StatusNotFound)
	if got := ok[[]clientapi.Announcement](w, "alice", "GET", path, ""); len(got) != 1 || got[0].ID == a.ID {
		t.Errorf("after dismissing: got %+v", got)
	}
	if got := ok[[]clientapi.Announcement](w, "alice", "GET", path+"?with_dismissed=true", ""); len(got) != 2 || !*got[0].Read || *got[1].Read {
		t.Errorf("with dismissed ones: got %+v", got)
	}
	if got := ok[[]clientapi.Announcement](w, "bob", "GET", path, ""); len(got) != 2 {
		t.Errorf("bob, who dismissed nothing, sees %d", len(got))
	}
	w.Announcements.Now = func() time.Time { return w.Now().Add(2 * time.Hour) }
	if got := ok[[]clientapi.Announcement](w, "bob", "GET", path, ""); len(got) != 1 {
		t.Errorf("after its end: got %+v", got)
	}
	w.fails("bob", "PUT", heart, "", http.StatusNotFound)
	if err := w.Announcements.Withdraw(t.Context(), first.ID); err != nil {
		t.Error(err)
	}
	for _, bad := range []social.Announcement{{}, {Text: strings.Repeat("x", 5001)}, {Text: "x", StartsAt: w.Now().Add(9 * time.Hour), EndsAt: w.Now().Add(8 * time.Hour)}, {Text: "x", EndsAt: w.Now()}} {
		if _, err := w.Announcements.Publish(t.Context(), bad); err == nil {
			t.Errorf("%.20q was published", bad.Text)
		}
	}
}

// shy lets people not be found.
func (w *world) shy(names ...string) {
	w.t.Helper()
	no := false
	for _, name := range names {
		if _, err := w.Accounts.Update(w.t.Context(), w.people[name].ID, social.Profile{Discoverable: &no}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestTrends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shy("bob", "lena")
	for _, name := range []string{"alice", "bob", "lena"} {
		w.post(name, "about #books")
	}
	w.post("alice", "and #tea")
	w.post("bob", "with #tea")
	w.post("alice", "#alone #alone2")
	w.post("alice", "#alone")
	w.post("alice", "#hidden", "visibility=unlisted")
	w.post("bob", "#hidden", "visibility=unlisted")
	tags := ok[[]clientapi.Tag](w, "", "GET", "/api/v1/trends/tags", "")
	if len(tags) != 2 || tags[0].Name != "books" || tags[1].Name != "tea" {
		t.Fatalf("got %+v", tags)
	}
	if h := tags[0].History; len(h) != 7 || h[0].Uses != "3" || h[0].Accounts != "3" || h[6].Uses != "0" || tags[0].Following != nil {
		t.Errorf("history: got %+v", tags[0])
	}
	res := w.do("", "GET", "/api/v1/trends?limit=1", "")
	if link := res.header.Get("Link"); !strings.Contains(link, `/api/v1/trends?limit=1&offset=1>; rel="next"`) || strings.Contains(link, "prev") {
		t.Errorf("Link = %q", link)
	}
	res = w.do("", "GET", "/api/v1/trends/tags?limit=1&offset=1", "")
	if link := res.header.Get("Link"); !strings.Contains(link, `offset=0>; rel="prev"`) || !strings.Contains(string(res.body), `"tea"`) {
		t.Errorf("second page: %s, Link = %q", res.body, link)
	}
	w.fails("", "GET", "/api/v1/trends/tags?offset=-1", "", http.StatusBadRequest)

	liked, warned, bobs := w.post("alice", "liked"), w.post("alice", "warned", "spoiler_text=x"), w.post("bob", "not to be found")
	for _, id := range []string{liked, warned, bobs} {
		for _, name := range []string{"lena", "bob"} {
			ok[clientapi.Status](w, name, "POST", "/api/v1/statuses/"+id+"/favourite", "")
		}
	}
	if got := ok[[]clientapi.Status](w, "", "GET", "/api/v1/trends/statuses", ""); len(got) != 1 || got[0].ID != liked {
		t.Errorf("posts: got %+v", got)
	}
	if err := w.Store.PutReview(t.Context(), social.TrendTag, "books", social.Review{At: w.Now()}); err != nil {
		t.Fatal(err)
	}
	if got := ok[[]clientapi.Tag](w, "", "GET", "/api/v1/trends/tags", ""); len(got) != 1 || got[0].Name != "tea" {
		t.Errorf("after staff refused one: got %+v", got)
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("bob", "about #Books")
	got := ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/books/feature", "")
	again := ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/books/feature", "")
	if !*got.Featuring || !*again.Featuring || *got.Following || got.History[0].Uses != "1" {
		t.Errorf("featured: got %+v", got)
	}
	ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/books/follow", "")
	if got := ok[[]clientapi.Tag](w, "alice", "GET", "/api/v1/followed_tags", ""); len(got) != 1 || !*got[0].Following || !*got[0].Featuring {
		t.Errorf("followed: got %+v", got)
	}
	if got := ok[clientapi.SearchResults](w, "alice", "GET", "/api/v2/search?q=%23book", "").Hashtags; len(got) != 1 || !*got[0].Following || got[0].History[0].Uses != "1" {
		t.Errorf("found: got %+v", got)
	}
	for range 2 {
		if got := ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/books/unfeature", ""); *got.Featuring {
			t.Errorf("featured no more: got %+v", got)
		}
	}
	w.fails("alice", "POST", "/api/v1/tags/%21%21/feature", "", http.StatusNotFound)
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"carl", "dora", "emil"} {
		w.join(name)
	}
	w.shy("lena")
	follow := func(who, whom string) {
		t.Helper()
		ok[struct{}](w, who, "POST", "/api/v1/accounts/"+w.id(whom)+"/follow", "")
	}
	follow("alice", "bob")
	follow("bob", "carl")
	follow("bob", "lena") // does not want to be found
	follow("lena", "dora")
	const path = "/api/v2/suggestions"
	got := ok[[]clientapi.Suggestion](w, "alice", "GET", path, "")
	if len(got) != 2 || got[0].Account.Username != "carl" || got[0].Source != "past_interactions" || len(got[0].Sources) != 2 ||
		got[1].Account.Username != "dora" || got[1].Sources[0] != "most_followed" {
		t.Fatalf("got %+v", got)
	}
	if got := ok[[]clientapi.Account](w, "alice", "GET", "/api/v1/suggestions?limit=1", ""); len(got) != 1 || got[0].Username != "carl" {
		t.Errorf("first version: got %+v", got)
	}
	ok[struct{}](w, "alice", "DELETE", "/api/v1/suggestions/"+w.id("carl"), "")
	ok[struct{}](w, "alice", "POST", "/api/v1/accounts/"+w.id("dora")+"/mute", "")
	if got := ok[[]clientapi.Suggestion](w, "alice", "GET", path, ""); len(got) != 0 {
		t.Errorf("after dismissing and muting: got %+v", got)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shy("lena")
	w.post("alice", "hello")
	rita := w.people["rita"]
	rita.Discoverable = true
	if err := w.Store.UpdateAccount(t.Context(), rita); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"": "alice rita bob", "?local=true": "alice bob", "?order=new": "rita bob alice", "?limit=1&offset=1": "rita", "?offset=9": "", "?limit=0": "",
	} {
		var names []string
		for _, a := range ok[[]clientapi.Account](w, "", "GET", "/api/v1/directory"+query, "") {
			names = append(names, a.Username)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("directory%s: got %q, want %q", query, got, want)
		}
	}
	w.fails("", "GET", "/api/v1/directory?limit=x", "", http.StatusBadRequest)
}

func TestInstance_says(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Quotes = &social.Quotes{}
	if err := w.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.people["bob"].ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	id := w.post("alice", "hello")
	boring := w.do("", "GET", "/api/v1/instance/privacy_policy", "")
	if boring.status != http.StatusOK || !strings.Contains(string(boring.body), `"content":""`) {
		t.Errorf("nothing written: got %d %s", boring.status, boring.body)
	}
	w.fails("", "GET", "/api/v1/instance/terms_of_service", "", http.StatusNotFound)
	day := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, name := range []string{social.SiteDescription, social.SitePrivacy, social.SiteTerms} {
		if err := social.WriteSiteText(t.Context(), w.Store, social.SiteText{Name: name, Content: "<b>One\n\nTwo", UpdatedAt: day}); err != nil {
			t.Fatal(err)
		}
	}
	if err := social.WriteSiteText(t.Context(), w.Store, social.SiteText{Name: "other"}); err == nil {
		t.Error("a text of another name was written")
	}
	for _, path := range []string{"extended_description", "privacy_policy"} {
		got := ok[clientapi.SiteText](w, "", "GET", "/api/v1/instance/"+path, "")
		if got.Content != "<p>&lt;b&gt;One</p><p>Two</p>" || !got.UpdatedAt.Equal(day) {
			t.Errorf("%s: got %+v", path, got)
		}
	}
	for _, path := range []string{"", "/2026-05-04"} {
		if got := ok[clientapi.TermsOfService](w, "", "GET", "/api/v1/instance/terms_of_service"+path, ""); got.EffectiveDate != "2026-05-04" || !got.Effective {
			t.Errorf("terms%s: got %+v", path, got)
		}
	}
	w.fails("", "GET", "/api/v1/instance/terms_of_service/2020-01-01", "", http.StatusNotFound)

	v2 := ok[clientapi.Instance](w, "", "GET", "/api/v2/instance", "")
	c := v2.Configuration
	if v2.Contact.Account == nil || v2.Contact.Account.Username != "bob" || v2.Usage.Users.ActiveMonth != 1 || v2.APIVersions.Mastodon != 9 ||
		c.URLs.PrivacyPolicy == nil || c.URLs.TermsOfService == nil || c.Accounts.MaxPinnedStatuses != 5 || c.Accounts.MaxFeaturedTags != 10 || c.Accounts.MaxProfileFields != 4 {
		t.Errorf("second version: got %+v", v2)
	}
	v1 := ok[clientapi.InstanceV1](w, "", "GET", "/api/v1/instance", "")
	if v1.Stats != (clientapi.InstanceStats{UserCount: 3, StatusCount: 1, DomainCount: 1}) || v1.ContactAccount.Username != "bob" {
		t.Errorf("first version: got %+v", v1)
	}
	weeks := ok[[]clientapi.Week](w, "", "GET", "/api/v1/instance/activity", "")
	if len(weeks) != 12 || weeks[0].Statuses != "1" || weeks[0].Logins != "3" || weeks[0].Registrations != "3" || weeks[1].Statuses != "0" {
		t.Errorf("activity: got %+v", weeks)
	}
	if got := ok[[]string](w, "", "GET", "/api/v1/instance/peers", ""); len(got) != 1 || got[0] != "remote.test" {
		t.Errorf("peers: got %v", got)
	}
	for q, n := range map[string]int{"rem": 1, "REMOTE": 1, "%25": 0, "alpha": 0} {
		if got := ok[[]string](w, "", "GET", "/api/v1/peers/search?q="+q, ""); len(got) != n {
			t.Errorf("peers that start with %q: got %v", q, got)
		}
	}
	w.fails("", "GET", "/api/v1/peers/search", "", http.StatusBadRequest)
	if got := ok[map[string][]string](w, "", "GET", "/api/v1/instance/translation_languages", ""); len(got) != 0 {
		t.Errorf("languages of translations: got %v", got)
	}
	if got := ok[[]offered](w, "", "GET", "/api/v1/instance/languages", ""); len(got) < 50 || got[0].Code == "" || got[0].Name == "" {
		t.Errorf("languages: got %v", got)
	}
	w.fails("alice", "POST", "/api/v1/statuses/"+id+"/translate", "", http.StatusServiceUnavailable)
	w.fails("alice", "POST", "/api/v1/statuses/"+w.post("bob", "x", "visibility=direct")+"/translate", "", http.StatusNotFound)
}

func TestOEmbed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello <world>")
	const path = "/api/oembed?url="
	page := url.QueryEscape("https://alpha.test/@alice/" + id)
	got := ok[clientapi.OEmbed](w, "", "GET", path+page+"&maxwidth=300&maxheight=200", "")
	if got.Type != "rich" || got.AuthorName != "alice" || got.Width != 300 || *got.Height != 200 || got.ProviderName != "Alpha" ||
		!strings.Contains(got.HTML, "hello &lt;world&gt;") || strings.Contains(got.HTML, "<script") {
		t.Errorf("got %+v", got)
	}
	warned := w.post("alice", "secret", "spoiler_text=careful")
	if got := ok[clientapi.OEmbed](w, "", "GET", path+url.QueryEscape("https://alpha.test/@alice/"+warned), ""); strings.Contains(got.HTML, "secret") || got.Height != nil {
		t.Errorf("behind a warning: got %+v", got)
	}
	hidden := w.post("alice", "x", "visibility=private")
	w.fails("", "GET", path+url.QueryEscape("https://alpha.test/@alice/"+hidden), "", http.StatusNotFound)
	w.fails("alice", "GET", path+url.QueryEscape("https://elsewhere.test/@alice/"+id), "", http.StatusNotFound)
	w.fails("", "GET", "/api/oembed", "", http.StatusBadRequest)
	w.fails("", "GET", path+page+"&maxwidth=wide", "", http.StatusBadRequest)
}

func TestSearch_findsPosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	yes := true
	if _, err := w.Accounts.Update(t.Context(), w.people["bob"].ID, social.Profile{Indexable: &yes}); err != nil {
		t.Fatal(err)
	}
	first := w.post("bob", "The QUICK brown fox", "language=en")
	second := w.post("bob", "brown quick foxes, see #cats", "spoiler_text=Füchse", "language=de", "in_reply_to_id="+first)
	poll := w.post("bob", "choose", "poll[options][]=quick", "poll[options][]=slow", "poll[expires_in]=600")
	secret := w.post("bob", "quick secret for @alice", "visibility=direct")
	w.post("bob", "quick secret for @lena", "visibility=direct")
	own := w.post("alice", "my own quick words", "visibility=private")
	w.post("lena", "quick, but lena does not want to be found")
	liked := w.post("lena", "quick and liked", "visibility=public")
	ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+liked+"/favourite", "")

	today, tomorrow, before := w.Now().UTC().Format(time.DateOnly), w.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), w.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"quick", []string{liked, own, secret, poll, second, first}},
		{"QUICK fox", []string{first}},
		{"fuchse", []string{second}},
		{"quick -brown", []string{liked, own, secret, poll}},
		{`"quick brown"`, []string{first}},
		{`"brown quick"`, []string{second}},
		{`quick -"quick brown" from:bob`, []string{secret, poll, second}},
		{"quick from:me", []string{own}},
		{"quick from:@bob@alpha.test", []string{secret, poll, second, first}},
		{"quick -from:bob", []string{liked, own}},
		{"quick from:nobody", nil},
		{"quick from:bob from:lena", nil},
		{"quick has:poll", []string{poll}},
		{"quick -has:poll from:bob", []string{secret, second, first}},
		{"quick has:media", nil},
		{"quick is:reply", []string{second}},
		{"is:sensitive from:bob", []string{second}},
		{"quick language:de", []string{second}},
		{"quick -language:de from:bob is:reply", nil},
		{"quick in:library", []string{liked, own, secret}},
		{"quick in:public", []string{liked, poll, second, first}},
		{"quick before:" + today, nil},
		{"quick after:" + before + " from:me", []string{own}},
		{"quick after:" + today, nil},
		{"quick during:" + today + " before:" + tomorrow + " from:me", []string{own}},
		{"nothing:special quick", nil},
		{"-quick", nil},
		{`"`, nil},
	} {
		var got []string
		for _, s := range ok[clientapi.SearchResults](w, "alice", "GET", "/api/v2/search?type=statuses&q="+url.QueryEscape(tt.query), "").Statuses {
			got = append(got, s.ID)
		}
		if strings.Join(got, " ") != strings.Join(tt.want, " ") {
			t.Errorf("%s: got %v, want %v", tt.query, got, tt.want)
		}
	}
	count := func(as, more string) int {
		t.Helper()
		return len(ok[clientapi.SearchResults](w, as, "GET", "/api/v2/search?q=quick"+more, "").Statuses)
	}
	for more, want := range map[string]int{
		"&account_id=" + w.id("bob"): 4, "&limit=2": 2, "&offset=5": 1, "&max_id=" + second: 1, "&min_id=" + second: 4, "&type=accounts": 0, "&limit=0": 0,
	} {
		if got := count("alice", more); got != want {
			t.Errorf("quick%s: got %d, want %d", more, got, want)
		}
	}
	if got := count("", ""); got != 0 {
		t.Errorf("a stranger finds %d", got)
	}
	ok[clientapi.Status](w, "bob", "PUT", "/api/v1/statuses/"+first, "status=other")
	ok[struct{}](w, "bob", "DELETE", "/api/v1/statuses/"+second, "")
	ok[struct{}](w, "alice", "POST", "/api/v1/accounts/"+w.id("lena")+"/block", "")
	if got := count("alice", ""); got != 3 {
		t.Errorf("after an edit, a deletion and a block: got %d, want 3", got)
	}
	w.fails("alice", "GET", "/api/v2/search?q=quick&min_id=x", "", http.StatusBadRequest)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const page = "https://blog.test/1"
	ann := w.people["rita"]
	ann.AttributionDomains = []string{"blog.test"}
	if err := w.Store.UpdateAccount(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	card, err := w.Store.PutCard(t.Context(), social.Card{
		ID: w.Accounts.NewID(), URL: page, Kind: "video", Title: "Title", AuthorName: "Rita", AuthorID: ann.ID, ImageURL: "https://blog.test/i.png",
		EmbedURL: `https://films.test/?a="b`, Width: 640, Height: 360, PublishedAt: w.Now(), FetchedAt: w.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, name := range []string{"alice", "bob"} {
		id := w.post(name, "see "+page+"#part")
		n, _ := social.ParseID(id)
		if err := w.Store.SetCard(t.Context(), n, card, page+"#part"); err != nil {
			t.Fatal(err)
		}
		ids = append([]string{id}, ids...)
	}
	c := ok[clientapi.Status](w, "", "GET", "/api/v1/statuses/"+ids[0], "").Card
	if c == nil || c.URL != page+"#part" || c.Title != "Title" || c.Authors[0].Account == nil || c.Authors[0].Account.Acct != "rita@remote.test" ||
		!strings.Contains(c.HTML, `<iframe src="https://films.test/?a=&#34;b" width="640"`) || c.PublishedAt == nil || c.Image != nil {
		t.Fatalf("card: got %+v", c)
	}
	ann.AttributionDomains = nil
	if err := w.Store.UpdateAccount(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	got := ok[[]clientapi.TrendingLink](w, "", "GET", "/api/v1/trends/links", "")
	if len(got) != 1 || got[0].URL != page || got[0].History[0].Accounts != "2" || got[0].Authors[0].Account != nil || got[0].Authors[0].Name != "Rita" {
		t.Fatalf("trends: got %+v", got)
	}
	const path = "/api/v1/timelines/link?url="
	posts := ok[[]clientapi.Status](w, "", "GET", path+url.QueryEscape(page), "")
	if len(posts) != 2 || posts[0].ID != ids[0] {
		t.Errorf("posts: got %+v", posts)
	}
	res := w.do("alice", "GET", path+url.QueryEscape(page)+"&limit=1", "")
	if link := res.header.Get("Link"); !strings.Contains(link, "url=https%3A%2F%2Fblog.test%2F1") || !strings.Contains(link, `rel="next"`) {
		t.Errorf("Link = %q", link)
	}
	if got := ok[clientapi.SearchResults](w, "alice", "GET", "/api/v2/search?q=see+has:link+has:embed", "").Statuses; len(got) != 1 {
		t.Errorf("own posts with links: got %d", len(got))
	}
	w.fails("", "GET", path+url.QueryEscape("https://blog.test/2"), "", http.StatusNotFound)
	w.fails("", "GET", "/api/v1/timelines/link", "", http.StatusBadRequest)
	if err := w.Store.PutReview(t.Context(), social.TrendLink, card.String(), social.Review{At: w.Now()}); err != nil {
		t.Fatal(err)
	}
	w.fails("", "GET", path+url.QueryEscape(page), "", http.StatusNotFound)
}
