package translate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/fixtures"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/social/socialtest"
)

const bertasFollowers = "https://beta.test/users/berta/followers"

// federation.md §3.3 and §3.5.
func TestStatus(t *testing.T) {
	t.Parallel()
	written, arrived := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC), socialtest.Now()
	base := func(change func(*social.Status)) social.Status {
		s := social.Status{URI: "https://beta.test/n/1", AccountID: socialtest.Berta().ID, Visibility: social.Direct, ObjectType: "Note", CreatedAt: arrived}
		change(&s)
		return s
	}
	for _, tt := range []struct {
		name, in string
		to, cc   []string
		want     social.Status
	}{
		{"a public note", `{"url":"https://beta.test/@berta/1","content":"<p>hi</p>","contentMap":{"en":"<p>hi</p>"},"conversation":"https://beta.test/c","inReplyTo":"https://gamma.test/2","published":"2026-03-01T11:00:00Z","to":"as:Public","cc":["` + bertasFollowers + `"]}`, nil, nil,
			base(func(s *social.Status) {
				s.URL, s.Content, s.Language, s.Conversation, s.ReplyToURI = "https://beta.test/@berta/1", "<p>hi</p>", "en", "https://beta.test/c", "https://gamma.test/2"
				s.CreatedAt, s.Visibility = written, social.Public
			})},
		{"unlisted", `{"to":["` + bertasFollowers + `"],"cc":["https://www.w3.org/ns/activitystreams#Public"]}`, nil, nil, base(func(s *social.Status) { s.Visibility = social.Unlisted })},
		{"private", `{"to":"` + bertasFollowers + `"}`, nil, nil, base(func(s *social.Status) { s.Visibility = social.Private })},
		{"somebody else's followers are not enough", `{"to":"https://gamma.test/users/x/followers"}`, nil, nil, base(func(*social.Status) {})},
		{"direct", `{"to":"https://alpha.test/users/alice"}`, nil, nil, base(func(*social.Status) {})},
		{"nobody", `{}`, nil, nil, base(func(*social.Status) {})},
		{"the activity's audience when the object has none", `{}`, []string{vocab.Public}, nil, base(func(s *social.Status) { s.Visibility = social.Public })},
		{"the object's to wins", `{"to":"` + bertasFollowers + `"}`, []string{vocab.Public}, nil, base(func(s *social.Status) { s.Visibility = social.Private })},
		{"each of to and cc for itself", `{"cc":[]}`, []string{bertasFollowers}, []string{vocab.Public}, base(func(s *social.Status) { s.Visibility = social.Private })},
		{"an empty to wins too", `{"to":[]}`, []string{vocab.Public}, nil, base(func(*social.Status) {})},
		{"a content warning makes it sensitive", `{"summary":"careful"}`, nil, nil, base(func(s *social.Status) { s.SpoilerText, s.Sensitive = "careful", true })},
		{"sensitive without a warning", `{"sensitive":true}`, nil, nil, base(func(s *social.Status) { s.Sensitive = true })},
		{"edited", `{"published":"2026-03-01T11:00:00Z","updated":"2026-03-01T11:30:00Z"}`, nil, nil, base(func(s *social.Status) { s.CreatedAt, s.EditedAt = written, written.Add(30*time.Minute) })},
		{"updated as it was published is not edited", `{"published":"2026-03-01T11:00:00Z","updated":"2026-03-01T12:00:00+01:00"}`, nil, nil, base(func(s *social.Status) { s.CreatedAt = written })},
		{"row 80: a future date is kept", `{"published":"2099-01-01T00:00:00Z"}`, nil, nil, base(func(s *social.Status) { s.CreatedAt = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"row 81: no date", `{"published":"last week"}`, nil, nil, base(func(*social.Status) {})},
		{"a year outside of what is taken", `{"published":"12026-01-01T00:00:00Z"}`, nil, nil, base(func(*social.Status) {})},
		{"an address that is none", `{"url":"javascript:alert(1)"}`, nil, nil, base(func(*social.Status) {})},
		{"markup is kept as it came", `{"content":"<script>x</script>"}`, nil, nil, base(func(s *social.Status) { s.Content = "<script>x</script>" })},
		{"a question", `{"type":"Question","content":"<p>?</p>"}`, nil, nil, base(func(s *social.Status) { s.ObjectType, s.Content = "Question", "<p>?</p>" })},
		{"an article: title, summary, address, no warning", `{"type":"Article","name":"Q & A","summary":"<b>about</b>","content":"long","url":"https://beta.test/blog"}`, nil, nil,
			base(func(s *social.Status) {
				s.ObjectType, s.URL = "Article", "https://beta.test/blog"
				s.Content = "<h2>Q & A</h2>\n\n<b>about</b>\n\n" + richtext.Format("https://beta.test/blog", richtext.Options{})
			})},
		{"a sensitive video without a title", `{"type":"Video","sensitive":true,"url":[{"href":"https://beta.test/v.mp4","mediaType":"video/mp4"}]}`, nil, nil,
			base(func(s *social.Status) {
				s.ObjectType, s.Sensitive = "Video", true
				s.Content = richtext.Format("https://beta.test/n/1", richtext.Options{})
			})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := `{"id":"https://beta.test/n/1","type":"Note",` + strings.TrimPrefix(tt.in, "{")
			in = strings.Replace(in, ",}", "}", 1)
			got := translate.Status(vocab.ReadNote(decode(t, in)), socialtest.Berta(), tt.to, tt.cc, arrived, richtext.Current)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Status (-want +got):\n%s", diff)
			}
		})
	}
}

// What the note writer says is what a reader of it understands.
func TestStatus_understands_what_is_written_here(t *testing.T) {
	t.Parallel()
	for name, v := range socialtest.All() {
		if v.Boost != nil || !v.Status.Local {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := vocab.Encode(writer().Note(v, translate.Replies{}))
			if err != nil {
				t.Fatal(err)
			}
			got := translate.Status(vocab.ReadNote(decode(t, string(body))), v.Author, nil, nil, socialtest.Now(), richtext.Current)
			want := v.Status
			want.ID, want.Source, want.Local, want.ReplyToID, want.ReplyToAccountID = 0, "", false, 0, 0
			want.Mentions, want.Tags, want.RepliesCount, want.BoostsCount, want.FavouritesCount = nil, nil, 0, 0, 0
			if v.Poll != nil {
				poll := *v.Poll
				poll.StatusID, poll.Own = 0, nil
				want.Poll = &poll
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
		})
	}
}

// federation.md §3.5, §14.3/95.
func TestConverted(t *testing.T) {
	t.Parallel()
	const blog = "https://blog.example/why"
	link := func(rel string) string {
		return `<p><a href="https://blog.example/why" target="_blank" rel="` + rel + `" translate="no"><span class="invisible">https://</span><span class="">blog.example/why</span><span class="invisible"></span></a></p>`
	}
	const then, now = "nofollow noopener noreferrer", "nofollow noopener"
	for _, tt := range []struct {
		name         string
		note         vocab.Note
		in41, inThis string
	}{
		{"title, summary and address", vocab.Note{ID: "https://x.test/1", Name: "Q & A", Summary: "<b>about</b>", URL: blog, Content: "long"},
			`<p>Q &amp; A</p><p>&lt;b&gt;about&lt;/b&gt;</p>` + link(then), "<h2>Q & A</h2>\n\n<b>about</b>\n\n" + link(now)},
		{"no title", vocab.Note{ID: blog}, link(then), link(now)},
		{"an address that is none", vocab.Note{ID: blog, Name: "x", URL: "javascript:alert(1)"}, `<p>x</p>` + link(then), "<h2>x</h2>\n\n" + link(now)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.in41, translate.Converted(tt.note, richtext.Mastodon41)); diff != "" {
				t.Errorf("4.1 (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.inThis, translate.Converted(tt.note, richtext.Current)); diff != "" {
				t.Errorf("current (-want +got):\n%s", diff)
			}
		})
	}
	shown := richtext.Current.Sanitize(translate.Converted(vocab.Note{ID: blog, Name: `<img src=x onerror=alert(1)>t`}, richtext.Current))
	if strings.Contains(shown, "onerror") {
		t.Errorf("a title or address brings markup along: %s", shown)
	}
}

// federation.md §4.4 step 7.
func TestBoost(t *testing.T) {
	t.Parallel()
	berta, now := socialtest.Berta(), socialtest.Now()
	for _, tt := range []struct {
		name, in string
		want     social.Visibility
		at       time.Time
	}{
		{"public", `{"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["` + bertasFollowers + `"],"published":"2026-03-01T10:00:00Z"}`, social.Public, now.Add(-2 * time.Hour)},
		{"unlisted", `{"to":["` + bertasFollowers + `"],"cc":["as:Public"]}`, social.Unlisted, now},
		{"row 109: for followers", `{"to":["` + bertasFollowers + `"]}`, social.Private, now},
		{"row 111: for nobody", `{}`, social.Direct, now},
		{"row 108: no date", `{"to":"as:Public","published":"?"}`, social.Public, now},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := decode(t, tt.in)
			doc["id"], doc["type"] = "https://beta.test/a/1", "Announce"
			got := translate.Boost(vocab.ReadActivity(doc), berta, social.Status{ID: 42}, now)
			want := social.Status{URI: "https://beta.test/a/1", AccountID: berta.ID, BoostOfID: 42, Visibility: tt.want, CreatedAt: tt.at}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Boost (-want +got):\n%s", diff)
			}
		})
	}
}

// federation.md §2.5.
func TestAccount(t *testing.T) {
	t.Parallel()
	now := socialtest.Now()
	actor := vocab.Actor{
		ID: "https://beta.test/users/berta", Type: "Group", PreferredUsername: "Berta", Name: "B", Summary: "<p>x</p>", URL: "https://beta.test/@berta",
		Inbox: "https://beta.test/users/berta/inbox", SharedInbox: "https://beta.test/inbox", Outbox: "https://beta.test/o", Followers: bertasFollowers,
		Following: "https://beta.test/g", Featured: "https://beta.test/p", ManuallyApprovesFollowers: true, Discoverable: true,
		Published: now.Add(-24 * time.Hour), Icon: "https://beta.test/i.png", Image: "https://beta.test/h.png",
		Keys: []vocab.Key{{ID: "https://beta.test/users/berta#main-key", Owner: "https://beta.test/users/berta", PEM: "PEM"}},
	}
	want := social.Account{
		Username: "Berta", Domain: "beta.example", URI: actor.ID, URL: actor.URL, ActorType: "Group", DisplayName: "B", Note: "<p>x</p>", Locked: true, Discoverable: true,
		InboxURL: actor.Inbox, SharedInboxURL: actor.SharedInbox, OutboxURL: actor.Outbox, FollowersURL: actor.Followers, FollowingURL: actor.Following,
		FeaturedURL: actor.Featured, AvatarURL: actor.Icon, HeaderURL: actor.Image,
		CreatedAt: now.Add(-24 * time.Hour), FetchedAt: now,
	}
	for _, tt := range []struct {
		name   string
		change func(*vocab.Actor)
		want   func(*social.Account)
	}{
		{"everything", func(*vocab.Actor) {}, func(*social.Account) {}},
		{"a page on another host is not believed", func(a *vocab.Actor) { a.URL = "https://good.test/@berta" }, func(a *social.Account) { a.URL = actor.ID }},
		{"nor one that is no address", func(a *vocab.Actor) { a.URL = "javascript:alert(1)//beta.test" }, func(a *social.Account) { a.URL = actor.ID }},
		{"no page", func(a *vocab.Actor) { a.URL = "" }, func(a *social.Account) { a.URL = actor.ID }},
		{"no date", func(a *vocab.Actor) { a.Published = time.Time{} }, func(a *social.Account) { a.CreatedAt = now }},
		{"a date to come", func(a *vocab.Actor) { a.Published = now.Add(time.Second) }, func(a *social.Account) { a.CreatedAt = now }},
		{"a name of 2,000 characters", func(a *vocab.Actor) { a.Name = strings.Repeat("é", 2000) }, func(a *social.Account) { a.DisplayName = strings.Repeat("é", 2000) }},
		{"one of 3,000 is cut", func(a *vocab.Actor) { a.Name = strings.Repeat("é", 3000) }, func(a *social.Account) { a.DisplayName = strings.Repeat("é", 2048) }},
		{"a table", func(a *vocab.Actor) { a.Fields = []vocab.Field{{Name: "n", Value: strings.Repeat("é", 3000)}} },
			func(a *social.Account) { a.Fields = []social.Field{{Name: "n", Value: strings.Repeat("é", 2047)}} }},
		{"the rest", func(a *vocab.Actor) {
			a.AlsoKnownAs, a.AttributionDomains, a.Indexable, a.Memorial, a.FeaturedTags, a.IconText = []string{"u"}, []string{"d"}, true, true, "t", "me"
		}, func(a *social.Account) {
			a.AlsoKnownAs, a.AttributionDomains, a.Indexable, a.Memorial, a.FeaturedTagsURL, a.AvatarDescription = []string{"u"}, []string{"d"}, true, true, "t", "me"
		}},
		{"a picture at no address", func(a *vocab.Actor) { a.Icon = "javascript:alert(1)" }, func(a *social.Account) { a.AvatarURL = "" }},
		{"a long text is cut", func(a *vocab.Actor) { a.Summary = strings.Repeat("x", 30<<10) }, func(a *social.Account) { a.Note = strings.Repeat("x", 20<<10) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in, out := actor, want
			tt.change(&in)
			tt.want(&out)
			if diff := cmp.Diff(out, translate.Account(in, "beta.example", now)); diff != "" {
				t.Errorf("Account (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccount_of_recorded_actors(t *testing.T) {
	t.Parallel()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, e := range all {
		doc, err := vocab.Decode(e.AnswerBody)
		if err != nil {
			continue
		}
		a := vocab.ReadActor(doc)
		if a.Type == "" || a.Inbox == "" {
			continue
		}
		read++
		got := translate.Account(a, "x.test", e.Time)
		if len(a.Keys) == 0 || a.Keys[0].PEM == "" || a.Keys[0].Owner != a.ID || got.PreferredInbox() == "" || got.URL == "" || got.Local() {
			t.Errorf("%s: got %+v, want a key, an inbox and a page", e.Name(), got)
		}
	}
	if read < 50 {
		t.Errorf("got %d actors, want more", read)
	}
}

func TestIsHTTP(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"https://a.test/1": true, "http://a.test": true, "HTTPS://A.TEST/": true, "https://a.test:8080/x": true, "https://[::1]/": true, "https://user@a.test/": true,
		"": false, "/users/alice": false, "a.test/x": false, "//a.test/x": false, "ftp://a.test/": false, "https:": false, "https:///x": false, "https:a.test": false,
		"https://:80/": false, "https://user@/": false, "javascript:alert(1)": false, "data:text/html,x": false, "acct:alice@a.test": false, "at://did:plc:x": false,
		"https://a.test\\@b.test/": false, " https://a.test/": false, "https://a.test/\n": false, "https://a b/": false, "https://%zz/": false, "bear:?t=x&u=https://a.test": false,
	} {
		if got := translate.IsHTTP(in); got != want {
			t.Errorf("IsHTTP(%q): got %v, want %v", in, got, want)
		}
	}
}

// H(a, b) of federation.md §4.0 and §16.2: what a reader of addresses must not be tricked into.
func TestSameHost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"https://a.test/users/alice", "https://a.test/notes/1", true},
		{"https://a.test/1", "https://b.test/1", false},
		{"https://A.Test/1", "https://a.tEST/1", true},
		{"http://a.test/1", "https://a.test/1", true},
		{"https://a.test:8080/1", "https://a.test/1", true},
		{"https://a.test:8080/1", "https://a.test:9090/1", true},
		{"https://bücher.test/1", "https://xn--bcher-kva.test/1", true},
		{"https://BÜCHER.test/1", "https://bücher.test/2", true},
		{"https://buecher.test/1", "https://bücher.test/1", false},
		{"https://а.test/1", "https://a.test/1", false}, // a Cyrillic letter
		{"https://sub.a.test/1", "https://a.test/1", false},
		{"https://a.test.evil.test/1", "https://a.test/1", false},
		{"https://a.test@evil.test/1", "https://a.test/1", false},
		{"https://evil.test@a.test/1", "https://a.test/1", true},
		{"https://user:pw@a.test:1/1", "https://a.test/1", true},
		{"https://a.test#@evil.test/", "https://a.test/1", true},
		{"https://evil.test/?x=https://a.test/", "https://a.test/1", false},
		{"https://evil.test#https://a.test/", "https://a.test/1", false},
		{"https://a.test\\@evil.test/", "https://a.test/1", false},
		{"https://evil.test\\@a.test/", "https://a.test/1", false},
		{"https://a.test%2eevil.test/", "https://a.test/1", false},
		{"https://a.test%00.evil.test/", "https://a.test/1", false},
		{"https://[::1]:80/", "https://[::1]/x", true},
		{"https://127.0.0.1/", "https://2130706433/", false},
		{"https://a_b.test/1", "https://A_B.test/2", true},
		{"ftp://a.test/1", "ftp://a.test/1", false},
		{"acct:alice@a.test", "https://a.test/1", false},
		{"//a.test/1", "https://a.test/1", false},
		{"", "", false},
		{"https:///1", "https:///1", false},
		{"nonsense", "nonsense", false},
	} {
		if got := translate.SameHost(tt.a, tt.b); got != tt.want {
			t.Errorf("SameHost(%q, %q): got %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := translate.SameHost(tt.b, tt.a); got != tt.want {
			t.Errorf("SameHost(%q, %q): got %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
}

func decode(t *testing.T, in string) vocab.Doc {
	t.Helper()
	doc, err := vocab.Decode([]byte(in))
	if err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	return doc
}
