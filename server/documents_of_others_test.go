package server_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp"

	"orrery/federation/vocab"
	"orrery/fixtures"
	"orrery/social"
)

// Documents of twenty programs are read without loss of what is used of them, written again, and taken in by an instance of
// either policy: actors become accounts, posts statuses, and no activity leaves it with work that fails for good.
func TestDocumentsOfOthers(t *testing.T) {
	t.Parallel()
	byProgram := map[string][]fixtures.Document{}
	total := 0
	for _, d := range append(written(t), append(recorded(t), published(t)...)...) {
		byProgram[d.Software] = append(byProgram[d.Software], d)
		total++
	}
	if total < 120 || len(byProgram) < 12 {
		t.Fatalf("got %d documents of %d programs, want 120 of 12", total, len(byProgram))
	}
	for program, docs := range byProgram {
		for _, policy := range []string{"mastodon-4.1", "mastodon"} {
			t.Run(program+"/"+policy, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, under(policy))
				w.person("reader")
				other := &anyone{w: w, docs: map[string]any{}, hosts: map[string]bool{}, carrier: w.peer("carrier.test").actor("carol")}
				for _, d := range docs { // people first, so that nobody has to be made up in their place
					if doc, err := vocab.Decode(d.Body); err == nil && vocab.ActorType(doc) != "" && doc.SpeaksActivityStreams() {
						other.has(doc)
					}
				}
				for _, d := range docs {
					other.takeIn(t, d)
				}
			})
		}
	}
}

func written(t *testing.T) []fixtures.Document {
	t.Helper()
	docs, err := fixtures.Documents()
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// recorded are what was served or delivered in recordings, as far as it is a document, each once.
func recorded(t *testing.T) []fixtures.Document {
	t.Helper()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	var out []fixtures.Document
	seen := map[string]bool{}
	for _, e := range all {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			doc, err := vocab.Decode(body)
			if err != nil || !doc.SpeaksActivityStreams() || seen[doc.String("id")+doc.String("type")] {
				continue
			}
			seen[doc.String("id")+doc.String("type")] = true
			out = append(out, fixtures.Document{Software: e.Folder, Name: e.File, Body: body})
		}
	}
	return out
}

// published are those below the folder that ORRERY_CORPUS names, none without it.
func published(t *testing.T) []fixtures.Document {
	t.Helper()
	root := os.Getenv("ORRERY_CORPUS")
	if root == "" {
		return nil
	}
	var out []fixtures.Document
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		program, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(name), "lemmy-corpus/"), "/")
		var log []struct{ Data json.RawMessage } // the Academy's logs are lists of messages
		if json.Unmarshal(body, &log) != nil {
			log = []struct{ Data json.RawMessage }{{body}}
		}
		for _, m := range log {
			out = append(out, fixtures.Document{Software: "published " + program, Name: name, Body: m.Data})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// anyone is every server that documents come from: it serves what it was given at whatever host.
type anyone struct {
	w       *world
	carrier *actor

	mu    sync.Mutex
	docs  map[string]any // by address
	hosts map[string]bool
}

func (a *anyone) serve(host string) {
	if a.hosts[host] || host == "alpha.test" || host == "" {
		return
	}
	a.hosts[host] = true
	a.w.net.Handle(host, func(ctx *fasthttp.RequestCtx) {
		a.mu.Lock()
		defer a.mu.Unlock()
		address := "https://" + host + string(ctx.Request.Header.RequestURI())
		doc := a.docs[address]
		if string(ctx.Path()) == "/.well-known/webfinger" {
			doc = a.docs[strings.ToLower(string(ctx.QueryArgs().Peek("resource")))]
		}
		if doc == nil {
			ctx.SetStatusCode(http.StatusNotFound)
			return
		}
		body, _ := json.Marshal(doc)
		ctx.SetContentType("application/activity+json")
		ctx.SetBody(body)
	})
}

func (a *anyone) has(doc map[string]any) {
	id, _ := doc["id"].(string)
	u, err := url.Parse(id)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.serve(u.Host)
	if u.Path == "" {
		u.Path = "/"
	}
	if u.Fragment != "" {
		return
	}
	a.docs[u.String()] = doc
	if v := vocab.ReadActor(doc); v.Type != "" {
		acct := "acct:" + strings.ToLower(v.PreferredUsername) + "@" + u.Host
		a.docs[acct] = members{"subject": acct, "links": []any{members{"rel": "self", "type": "application/activity+json", "href": id}}}
	}
}

// somebody makes sure that an actor of that address answers.
func (a *anyone) somebody(uri string) {
	a.mu.Lock()
	known := a.docs[uri] != nil
	a.mu.Unlock()
	if !known {
		name := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, strings.ToLower(uri))
		a.has(members{"@context": activityStreams, "id": uri, "type": "Person", "preferredUsername": name[max(0, len(name)-30):], "inbox": uri + "/inbox", "followers": uri + "/followers"})
	}
}

func (a *anyone) takeIn(t *testing.T, d fixtures.Document) {
	t.Helper()
	doc, err := vocab.Decode(d.Body)
	if err != nil {
		if json.Valid(d.Body) && strings.HasPrefix(strings.TrimSpace(string(d.Body)), "{") {
			t.Errorf("%s: %v", d.Name, err)
		}
		return
	}
	lossless(t, d.Name, doc)
	post := doc
	if doc.Is("Create") && doc.Object("object") != nil {
		post = doc.Object("object")
	}
	n, v := vocab.ReadNote(post), vocab.ReadActor(doc)
	switch {
	case strings.HasPrefix(n.ID, "http:"), strings.HasPrefix(v.ID, "http:"): // recorded on loopback, without https
	case v.Type != "" && v.Inbox != "" && doc.SpeaksActivityStreams():
		a.takeActor(t, d.Name, doc, v)
	case strings.Contains(n.ID, "#"): // a vote, which has no address of its own
	case n.Type != "" && n.AttributedTo != "" && n.ID != "":
		a.takePost(t, d.Name, post, n)
	}
	a.deliver(t, d.Name, doc)
}

// lossless wants what is used of doc to survive being written and read again.
func lossless(t *testing.T, name string, doc vocab.Doc) {
	t.Helper()
	body, err := vocab.Encode(doc)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	again, err := vocab.Decode(body)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for what, pair := range map[string][2]any{
		"note": {vocab.ReadNote(doc), vocab.ReadNote(again)}, "actor": {vocab.ReadActor(doc), vocab.ReadActor(again)},
		"activity": {vocab.ReadActivity(doc), vocab.ReadActivity(again)},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s: %s after being written again (-before +after):\n%s", name, what, diff)
		}
	}
}

func (a *anyone) takeActor(t *testing.T, name string, doc vocab.Doc, v vocab.Actor) {
	t.Helper()
	a.has(doc)
	account, _, err := a.w.in.Services.Searches.Remote.ByURL(t.Context(), a.w.here("reader").ID, v.ID)
	if err != nil || account == nil {
		t.Errorf("%s: the actor was not taken in: %v", name, err)
		return
	}
	if account.Username != v.PreferredUsername || account.InboxURL != v.Inbox || len(account.Fields) != len(v.Fields) || (account.AvatarURL == "") != (v.Icon == "") {
		t.Errorf("%s: kept as %+v\nof %+v", name, account, v)
	}
}

func (a *anyone) takePost(t *testing.T, name string, doc vocab.Doc, n vocab.Note) {
	t.Helper()
	a.has(with(doc, members{"@context": activityStreams}))
	a.somebody(n.AttributedTo)
	_, id, err := a.w.in.Services.Searches.Remote.ByURL(t.Context(), a.w.here("reader").ID, n.ID)
	if err != nil || id == 0 {
		t.Errorf("%s: the post was not taken in: %v", name, err)
		return
	}
	s, err := a.w.in.Services.Store.StatusByID(t.Context(), id)
	a.w.must(err)
	as, err := a.w.in.Services.Store.Attachments(t.Context(), []social.ID{id})
	a.w.must(err)
	if s.ObjectType != n.Type || s.URI != n.ID || len(as[id]) != min(len(n.Attachments), 4) {
		t.Errorf("%s: kept as %+v with %d attachments of %d", name, s, len(as[id]), len(n.Attachments))
	}
}

// deliver brings the document to an inbox, carried by somebody who is followed. It is answered 202 whatever it is.
func (a *anyone) deliver(t *testing.T, name string, doc vocab.Doc) {
	t.Helper()
	if got := a.w.drop("/inbox", encode(t, doc), a.carrier); got.status != http.StatusAccepted {
		t.Errorf("%s: answered %d %s", name, got.status, got.body)
	}
	a.w.settle()
}
