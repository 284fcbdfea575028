package web

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"orrery/social"
)

// told is a listener that tells what a test gives it, and then ends.
type told struct {
	events []toldEvent
	closed bool
}

type toldEvent struct {
	event  string
	status social.ID
}

func (l *told) Next(<-chan struct{}) (string, social.ID, bool) {
	if len(l.events) == 0 {
		return "", 0, false
	}
	e := l.events[0]
	l.events = l.events[1:]
	return e.event, e.status, true
}

func (l *told) Close() { l.closed = true }

// listens serves s on loopback and returns what a page hears until the stream ends: the name and the words of each event.
func (s *site) listens(cookie, path string, with ...string) (status int, heard []string) {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = s.app.Listener(l) }()
	s.t.Cleanup(func() { _ = s.app.Shutdown() })
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+l.Addr().String()+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(with); i += 2 {
		r.Header.Set(with[i], with[i+1])
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: Cookie, Value: cookie})
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	name, data := "", ""
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
		case "event":
			name = value
		case "data":
			data += value + "\n"
		case "":
			if name != "" {
				heard = append(heard, name+" "+said(data))
			}
			name, data = "", ""
		}
	}
	return res.StatusCode, heard
}

// said is what a card says, or the whole when it is none.
func said(card string) string {
	_, words, found := strings.Cut(card, `<p>`)
	if !found {
		return strings.TrimSpace(card)
	}
	words, _, _ = strings.Cut(words, "</p>")
	return words
}

func TestNews(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	s.follow(alice, bob)
	hear := &told{}
	var asked []string
	s.web.Live = func(_ context.Context, viewer social.ID, _, name, argument string) (Listener, error) {
		asked = append(asked, strings.TrimSpace(viewer.String()+" "+name+" "+argument))
		return hear, nil
	}
	list, err := s.web.Lists.Create(t.Context(), alice.ID, social.List{Title: "Tea"})
	if err == nil {
		err = s.web.Lists.Add(t.Context(), alice.ID, list.ID, []social.ID{bob.ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	first := s.post(bob, "one #tea")
	cookie := s.as(alice).cookie
	for _, path := range []string{"/home", "/public", "/public/local", "/tags/tea", "/lists/" + list.ID.String()} {
		page := s.as(alice).get(path).is(200)
		if got := attr(page.one("div", ".news"), "data-after"); got != first.ID.String() {
			t.Errorf("%s hears what comes after %q, want %s", path, got, first.ID)
		}
		s.as(alice).get(path+"?max_id=999").is(200).none("div", ".news") // older pages stay as they are
	}
	second := s.post(bob, "two #tea")
	private := s.post(bob, "secret", func(d *social.Draft) { d.Visibility = social.Private })
	for _, tt := range []struct {
		name, cookie, path string
		with               []string
		events             []toldEvent
		status             int
		asked              string
		want               []string
	}{
		{"what came meanwhile", cookie, "/news?of=home&after=" + first.ID.String(), nil, nil, 200, alice.ID.String() + " user", []string{"post two #tea", "post secret"}},
		{"what came since the last event", cookie, "/news?of=home&after=" + first.ID.String(), []string{"Last-Event-ID", second.ID.String()}, nil, 200, alice.ID.String() + " user", []string{"post secret"}},
		{"what comes", cookie, "/news?of=home", nil, []toldEvent{{"update", second.ID}, {"status.update", first.ID}, {"delete", 5}}, 200, alice.ID.String() + " user",
			[]string{"post two #tea", "changed one #tea", "gone s5"}},
		{"a stranger on a public one", "", "/news?of=local&after=" + first.ID.String(), nil, []toldEvent{{"update", private.ID}}, 200, "0 public:local", []string{"post two #tea"}},
		{"of a hashtag", "", "/news?of=tag&tag=Tea", nil, []toldEvent{{"update", second.ID}}, 200, "0 hashtag tea", []string{"post two #tea"}},
		{"of a list", cookie, "/news?of=list&list=" + list.ID.String() + "&after=" + first.ID.String(), nil, []toldEvent{{"update", first.ID}}, 200, alice.ID.String() + " list " + list.ID.String(),
			[]string{"post two #tea", "post secret", "post one #tea"}},
		{"a stranger on a list", "", "/news?of=list&list=" + list.ID.String(), nil, nil, 303, "", nil},
		{"somebody else's list", s.as(bob).cookie, "/news?of=list&list=" + list.ID.String(), nil, nil, 404, "", nil},
		{"a list too many", cookie, "/news?of=home&list=" + list.ID.String(), nil, nil, 404, "", nil},
		{"a stranger's home", "", "/news?of=home", nil, nil, 303, "", nil},
		{"no such timeline", "", "/news?of=list", nil, nil, 404, "", nil},
		{"no hashtag", "", "/news?of=tag&tag=!", nil, nil, 404, "", nil},
		{"a hashtag too many", "", "/news?of=local&tag=tea", nil, nil, 404, "", nil},
	} {
		hear.events, hear.closed, asked = tt.events, false, nil
		status, heard := s.listens(tt.cookie, tt.path, tt.with...)
		for i := range heard { // a hashtag is a link
			heard[i] = strings.NewReplacer("<span>", "", "</span>", "", "</a>", "").Replace(heard[i])
			if before, after, ok := strings.Cut(heard[i], "<a "); ok {
				_, after, _ = strings.Cut(after, ">")
				heard[i] = before + after
			}
		}
		if status != tt.status || strings.Join(asked, ",") != tt.asked || status == 200 && strings.Join(heard, ", ") != strings.Join(tt.want, ", ") {
			t.Errorf("%s: %d, asked for %q, heard %q\nwant %d, %q, %q", tt.name, status, asked, heard, tt.status, tt.asked, tt.want)
		}
	}
	for range perPage {
		s.post(bob, "more")
	}
	if _, heard := s.listens(cookie, "/news?of=home&after="+first.ID.String()); len(heard) != 1 || !strings.HasPrefix(heard[0], "many") {
		t.Errorf("after many posts it hears %q, want to be told to load the page again", heard)
	}
	hear.events = []toldEvent{{"update", second.ID}}
	if err := s.web.SignIns.Close(t.Context(), cookie); err != nil {
		t.Fatal(err)
	}
	n := &newsroom{Web: s.web, cookie: cookie}
	n.look.Viewer = &alice
	if err := n.tell(nil, "update", second.ID); err == nil {
		t.Error("who has signed out goes on hearing")
	}
}
