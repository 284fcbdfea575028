package vocab_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/vocab"
)

func TestReadActivity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     vocab.Activity
	}{
		{"everything", `{"id":"https://a.test/1","type":"Create","actor":"https://a.test/alice","object":{"id":"https://a.test/n"},"target":"https://a.test/t","to":"as:Public","cc":["https://a.test/f"],"published":"2026-03-01T12:00:00+01:00"}`,
			vocab.Activity{ID: "https://a.test/1", Type: "Create", Actor: "https://a.test/alice", Object: "https://a.test/n", ObjectDoc: vocab.Doc{"id": "https://a.test/n"}, Target: "https://a.test/t", To: []string{"as:Public"}, Cc: []string{"https://a.test/f"}, Published: time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)}},
		{"row 48: a type in an array is none", `{"type":["Create"]}`, vocab.Activity{}},
		{"row 50: no actor", `{"type":"Like","object":"https://a.test/n"}`, vocab.Activity{Type: "Like", Object: "https://a.test/n"}},
		{"row 51: an embedded actor", `{"type":"Like","actor":{"id":"https://a.test/alice","type":"Person"}}`, vocab.Activity{Type: "Like", Actor: "https://a.test/alice"}},
		{"an object without an id", `{"type":"Undo","object":{"type":"Like"}}`, vocab.Activity{Type: "Undo", ObjectDoc: vocab.Doc{"type": "Like"}}},
		{"an impossible date", `{"published":"yesterday"}`, vocab.Activity{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := vocab.ReadActivity(decode(t, tt.in))
			got.Doc = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ReadActivity (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSignature_is_an_object_or_nothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{`{"signature":{"type":"RsaSignature2017"}}`: true, `{"signature":[{"type":"RsaSignature2017"}]}`: false, `{"signature":"x"}`: false, `{}`: false} {
		if got := vocab.ReadActivity(decode(t, in)).Signature() != nil; got != want {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}

// federation.md §3.3, the reading of visibility.
func TestAudience(t *testing.T) {
	t.Parallel()
	const followers = "https://a.test/users/alice/followers"
	for _, tt := range []struct {
		to, cc    []string
		followers string
		want      string
	}{
		{[]string{vocab.Public}, []string{followers}, followers, "public"},
		{[]string{"as:Public"}, nil, followers, "public"},
		{[]string{"https://b.test/users/bob", "Public"}, nil, followers, "public"},
		{[]string{followers}, []string{vocab.Public}, followers, "unlisted"},
		{nil, []string{"as:Public"}, followers, "unlisted"},
		{[]string{followers}, nil, followers, "private"},
		{nil, []string{followers}, followers, "direct"},
		{[]string{"https://b.test/users/bob/followers"}, nil, followers, "direct"},
		{[]string{"https://b.test/users/bob"}, nil, followers, "direct"},
		{[]string{""}, nil, "", "direct"},
		{[]string{"public"}, []string{"https://www.w3.org/ns/activitystreams#public"}, followers, "direct"},
		{nil, nil, followers, "direct"},
	} {
		if got := vocab.Audience(tt.to, tt.cc, tt.followers); got != tt.want {
			t.Errorf("to %v, cc %v: got %s, want %s", tt.to, tt.cc, got, tt.want)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Time{
		"2026-03-01T12:00:00Z":           time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		" 2026-03-01T12:00:00Z\n":        time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		"2026-03-01T12:00:00.123456789Z": time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC),
		"2026-03-01T23:30:00-02:00":      time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC),
		"2026-03-01T23:30:00.5+0130":     time.Date(2026, 3, 1, 22, 0, 0, 500_000_000, time.UTC),
		"0000-01-01T00:00:00Z":           time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59Z":           time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"10000-01-01T00:00:00Z":          {},
		"-0001-01-01T00:00:00Z":          {},
		"9999-12-31T23:59:59-02:00":      {},
		"0000-01-01T00:00:00+02:00":      {},
		"2026-02-30T12:00:00Z":           {},
		"2026-03-01":                     {},
		"1772366400":                     {},
		"":                               {},
	} {
		if got := vocab.Time(in); !got.Equal(want) {
			t.Errorf("Time(%q): got %v, want %v", in, got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	t.Parallel()
	in := time.Date(2026, 3, 1, 13, 0, 0, 999, time.FixedZone("CET", 3600))
	if got := vocab.Stamp(in); got != "2026-03-01T12:00:00Z" {
		t.Errorf("got %s, want UTC and whole seconds", got)
	}
}

// federation.md §3.5: native and converted types, matched by inclusion.
func TestPostType(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, want  string
		converted bool
	}{
		{`"Note"`, "Note", false}, {`"Question"`, "Question", false}, {`["x:y","Note"]`, "Note", false},
		{`"Image"`, "Image", true}, {`"Audio"`, "Audio", true}, {`"Video"`, "Video", true}, {`"Article"`, "Article", true},
		{`"Page"`, "Page", true}, {`"Event"`, "Event", true}, {`["Article","Note"]`, "Note", false},
		{`"Tombstone"`, "", false}, {`"Document"`, "", false}, {`"Place"`, "", false}, {`"note"`, "", false}, {`7`, "", false}, {`null`, "", false}, {`[["Note"]]`, "", false},
	} {
		got, converted := vocab.PostType(decode(t, `{"type":`+tt.in+`}`))
		if got != tt.want || converted != tt.converted {
			t.Errorf("%s: got %q, %v, want %q, %v", tt.in, got, converted, tt.want, tt.converted)
		}
	}
}

func TestReadNote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     vocab.Note
	}{
		{"nothing", `{}`, vocab.Note{}},
		{"no content but a map", `{"contentMap":{"en":"hello"},"summaryMap":{"en":"warning"},"nameMap":{"en":"title"}}`,
			vocab.Note{Content: "hello", Summary: "warning", Name: "title", Language: "en"}},
		{"content wins over the map", `{"content":"hello","contentMap":{"de":"hallo"}}`, vocab.Note{Content: "hello", Language: "de"}},
		{"of two languages the first by name", `{"contentMap":{"en":"hello","de":"hallo"}}`, vocab.Note{Content: "hallo", Language: "de"}},
		{"a map of anything but texts", `{"contentMap":{"en":7,"de":null}}`, vocab.Note{}},
		{"a map that is none", `{"contentMap":["hello"],"content":["x"]}`, vocab.Note{}},
		{"null is no audience", `{"to":null,"cc":null}`, vocab.Note{}},
		{"an empty audience is one", `{"to":[],"cc":"as:Public"}`, vocab.Note{HasTo: true, HasCc: true, Cc: []string{"as:Public"}}},
		{"a lone tag as an object", `{"tag":{"type":"Mention","href":"https://a.test/alice","name":"@alice"}}`,
			vocab.Note{Mentions: []vocab.Tag{{Href: "https://a.test/alice", Name: "@alice"}}}},
		{"tags of every kind", `{"tag":["x",{"type":"Emoji","name":":a:"},{"type":["Hashtag"],"name":"#a"},{"type":"Mention","href":{"id":"https://a.test/b"}},{"name":"none"}]}`,
			vocab.Note{Mentions: []vocab.Tag{{Href: "https://a.test/b"}}, Hashtags: []vocab.Tag{{Name: "#a"}}}},
		{"replies as an address", `{"replies":"https://a.test/r"}`, vocab.Note{RepliesURI: "https://a.test/r"}},
		{"replies embedded", `{"replies":{"id":"https://a.test/r"}}`, vocab.Note{Replies: vocab.Doc{"id": "https://a.test/r"}}},
		{"an author among several", `{"attributedTo":[{"type":"Person","id":"https://a.test/alice"},"https://a.test/channel"]}`, vocab.Note{AttributedTo: "https://a.test/alice"}},
		{"inReplyTo embedded", `{"inReplyTo":{"id":"https://a.test/1"}}`, vocab.Note{InReplyTo: "https://a.test/1"}},
		{"sensitive as a word", `{"sensitive":"true"}`, vocab.Note{}},
		{"dates", `{"published":"2026-03-01T12:00:00Z","updated":"soon"}`, vocab.Note{Published: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, vocab.ReadNote(decode(t, tt.in))); diff != "" {
				t.Errorf("ReadNote (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadNote_looks_at_a_thousand_tags_at_most(t *testing.T) {
	t.Parallel()
	tags := make([]string, 5000)
	for i := range tags {
		tags[i] = fmt.Sprintf(`{"type":"Mention","href":"https://a.test/%d"}`, i)
	}
	n := vocab.ReadNote(decode(t, `{"tag":[`+strings.Join(tags, ",")+`]}`))
	if len(n.Mentions) != 1000 {
		t.Errorf("got %d mentions, want 1000", len(n.Mentions))
	}
}

// federation.md §3.5, member url.
func TestPageURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`"https://a.test/1"`:                                                       "https://a.test/1",
		`{"type":"Link","href":"https://a.test/2"}`:                                "https://a.test/2",
		`{"href":"https://a.test/v.mp4","mediaType":"video/mp4"}`:                  "",
		`["https://a.test/1","https://a.test/2"]`:                                  "https://a.test/1",
		`["https://a.test/1",{"href":"https://a.test/p","mediaType":"text/html"}]`: "https://a.test/p",
		`[{"href":"https://a.test/v.mp4","mediaType":"video/mp4"},{"href":"https://a.test/w","mediaType":"text/html"}]`:            "https://a.test/w",
		`[{"href":"https://a.test/v.mp4","mediaType":"video/mp4"},{"href":7},{"mediaType":"text/html"},null,7,"https://a.test/s"]`: "https://a.test/s",
		`null`: "",
		`7`:    "",
	} {
		if got := vocab.PageURL(decode(t, `{"url":`+in+`}`)); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestReadActor(t *testing.T) {
	t.Parallel()
	const whole = `{"id":"https://a.test/alice","type":["Service","schema:Person"],"preferredUsername":"alice","name":"Alice","summary":"<p>Hi</p>",
		"url":[{"type":"Link","href":"https://a.test/@alice"}],"inbox":"https://a.test/alice/in","outbox":{"id":"https://a.test/alice/out","type":"OrderedCollection"},
		"followers":"https://a.test/alice/f","following":"https://a.test/alice/g","featured":{"id":"https://a.test/alice/p"},
		"endpoints":{"sharedInbox":"https://a.test/in"},"manuallyApprovesFollowers":true,"discoverable":true,"published":"2026-03-01T00:00:00Z",
		"icon":[{"type":"Image","url":"https://a.test/i.png"}],"image":{"url":{"href":"https://a.test/h.png"}},
		"publicKey":{"id":"https://a.test/alice#main-key","owner":"https://a.test/alice","publicKeyPem":"PEM"}}`
	for _, tt := range []struct {
		name, in string
		want     vocab.Actor
	}{
		{"everything", whole, vocab.Actor{
			ID: "https://a.test/alice", Type: "Service", PreferredUsername: "alice", Name: "Alice", Summary: "<p>Hi</p>", URL: "https://a.test/@alice",
			Inbox: "https://a.test/alice/in", SharedInbox: "https://a.test/in", Outbox: "https://a.test/alice/out", Followers: "https://a.test/alice/f",
			Following: "https://a.test/alice/g", Featured: "https://a.test/alice/p", ManuallyApprovesFollowers: true, Discoverable: true,
			Published: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Icon: "https://a.test/i.png", Image: "https://a.test/h.png",
			Keys: []vocab.Key{{ID: "https://a.test/alice#main-key", Owner: "https://a.test/alice", PEM: "PEM"}},
		}},
		{"a note is no actor", `{"type":"Note"}`, vocab.Actor{}},
		{"the old place of the shared inbox", `{"sharedInbox":"https://a.test/in","endpoints":"https://a.test/e"}`, vocab.Actor{SharedInbox: "https://a.test/in"}},
		{"keys as addresses only", `{"publicKey":["https://a.test/k"]}`, vocab.Actor{Keys: []vocab.Key{{ID: "https://a.test/k"}}}},
		{"Multikeys", `{"assertionMethod":[{"id":"k","type":"Multikey","controller":"https://a.test/alice","publicKeyMultibase":"z6Mk","expires":"2026-01-02T03:04:05Z","revoked":"2026-01-01T00:00:00Z"}]}`,
			vocab.Actor{Keys: []vocab.Key{{ID: "k", Owner: "https://a.test/alice", Multibase: "z6Mk", Expires: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Revoked: true}}}},
		{"an owner embedded", `{"publicKey":[{"id":"k","owner":{"id":"https://a.test/alice"}}]}`, vocab.Actor{Keys: []vocab.Key{{ID: "k", Owner: "https://a.test/alice"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, vocab.ReadActor(decode(t, tt.in))); diff != "" {
				t.Errorf("ReadActor (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadActor_takes_ten_keys_at_most(t *testing.T) {
	t.Parallel()
	a := vocab.ReadActor(decode(t, `{"publicKey":[`+strings.Repeat(`{"id":"k"},`, 30)+`{"id":"k"}]}`))
	if len(a.Keys) != 10 {
		t.Errorf("got %d keys, want 10 (federation.md §2.5)", len(a.Keys))
	}
}

func TestItems(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		`{"items":["a","b"]}`: 2, `{"orderedItems":["a"],"items":["a","b"]}`: 1, `{"items":"a"}`: 1, `{"orderedItems":[],"items":["a"]}`: 0, `{}`: 0,
	} {
		if got := len(vocab.Items(decode(t, in))); got != want {
			t.Errorf("%s: got %d items, want %d", in, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"PT1145S": 1145 * time.Second, "PT1H2M3.5S": time.Hour + 2*time.Minute + 3500*time.Millisecond, "P1DT1S": 24*time.Hour + time.Second,
		"": 0, "PT": 0, "1145": 0, "PTS": 0, "P1M": 0, "PT5": 0, "P9999D": 0, "PT1e9S": 0,
	} {
		if got := vocab.Duration(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

// federation.md §3.5: the first key of contentMap, nameMap, summaryMap, in its usual spelling.
func TestLanguageOfANote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"contentMap":{"pt-br":"x"}}`:                             "pt-BR",
		`{"content":"b","contentMap":{"de":"a","en":"b"}}`:         "en", // the one that the plain text repeats
		`{"content":"c","contentMap":{"de":"a","en":"b"}}`:         "de",
		`{"contentMap":{"fr":"a","en":"b"}}`:                       "en", // JSON has no order
		`{"content":"a","nameMap":{"ja":"t"}}`:                     "ja",
		`{"content":"a","summaryMap":{"ZH_hant":"t"}}`:             "zh-Hant",
		`{"contentMap":{"und":"a"}}`:                               "",
		`{"contentMap":{"<script>":"a"}}`:                          "",
		`{"contentMap":{"` + strings.Repeat("a-", 40) + `b":"x"}}`: "",
		`{"content":"a"}`:                                          "",
	} {
		if got := vocab.ReadNote(decode(t, `{"type":"Note",`+in[1:])).Language; got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestReadActor_the_rest_of_a_profile(t *testing.T) {
	t.Parallel()
	a := vocab.ReadActor(decode(t, `{"type":"Person","id":"https://b.test/u","webfinger":"acct:berta@b.example","featuredTags":"https://b.test/u/tags",
		"movedTo":"https://c.test/u","alsoKnownAs":"https://old.test/u","attributionDomains":["blog.test"],"indexable":true,"memorial":true,"suspended":true,
		"icon":{"type":"Image","url":"https://b.test/i.png","summary":"me"},"image":"https://b.test/h.png",
		"attachment":[{"type":"PropertyValue","name":"site","value":"<a>x</a>"},{"type":"Link","href":"https://b.test"},{"type":"PropertyValue"}]}`))
	want := vocab.Actor{
		ID: "https://b.test/u", Type: "Person", PreferredUsername: "berta", Handle: "berta@b.example", FeaturedTags: "https://b.test/u/tags",
		MovedTo: "https://c.test/u", AlsoKnownAs: []string{"https://old.test/u"}, AttributionDomains: []string{"blog.test"},
		Indexable: true, Memorial: true, Suspended: true, Icon: "https://b.test/i.png", IconText: "me", Image: "https://b.test/h.png",
		Fields: []vocab.Field{{Name: "site", Value: "<a>x</a>"}},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	lines := strings.Repeat(`{"type":"PropertyValue","name":"n","value":"v"},`, 80)
	aliases := strings.Repeat(`"https://x.test/a",`, 400)
	a = vocab.ReadActor(decode(t, `{"type":"Person","attachment":[`+lines[:len(lines)-1]+`],"alsoKnownAs":[`+aliases[:len(aliases)-1]+`]}`))
	if len(a.Fields) != 50 || len(a.AlsoKnownAs) != 256 {
		t.Errorf("got %d lines and %d aliases, want 50 and 256", len(a.Fields), len(a.AlsoKnownAs))
	}
}
