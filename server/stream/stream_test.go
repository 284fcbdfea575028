package stream_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/fasthttp/websocket"

	"orrery/clientapi"
	"orrery/server/stream"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/storage/storagetest/prepared"
)

// wants checks what came next: its event, and the id of what it is about.
func wants(t *testing.T, got event, kind string, id social.ID) {
	t.Helper()
	about := got.entity().ID
	switch kind {
	case "delete":
		about = got.Payload
	case "notification":
		about = got.entity().Status.ID
	case "conversation":
		about = got.entity().LastStatus.ID
	}
	if got.Event != kind || about != id.String() {
		t.Errorf("got %s about %q (%+v), want %s about %s", got.Event, about, got, kind, id)
	}
}

func visibility(v social.Visibility) func(*social.Draft) {
	return func(d *social.Draft) { d.Visibility = v }
}

func TestUser_hears_what_comes_home_changes_and_goes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("alice", "bob")
	alice := w.listen("/api/v1/streaming/user", w.token("alice", "read"))
	bob := w.listen("/api/v1/streaming/user", w.token("bob", "read:statuses"))
	direct := w.listen("/api/v1/streaming/direct", w.token("alice", "read"))

	w.post("carol", "nobody follows me")
	first := w.post("bob", "for my followers", visibility(social.Private))
	got := alice.next()
	wants(t, got, "update", first.ID)
	if f := got.entity().Favourited; f == nil || *f {
		t.Errorf("favourited is %v, want false", f)
	}
	wants(t, bob.next(), "update", first.ID)
	_, err := w.in.Services.Statuses.Edit(t.Context(), w.people["bob"].ID, first.ID, social.Draft{Text: "other words"})
	w.must(err)
	wants(t, alice.next(), "status.update", first.ID)
	wants(t, bob.next(), "status.update", first.ID)
	_, err = w.in.Services.Reactions.Favourite(t.Context(), w.people["alice"].ID, first.ID)
	w.must(err)
	secret := w.post("bob", "@alice secret", visibility(social.Direct))
	// A token for statuses alone hears nothing of the favourite, so bob's next is his own post.
	wants(t, bob.next(), "update", secret.ID)
	kinds := map[string]event{}
	for range 2 {
		e := alice.next()
		kinds[e.Event] = e
	}
	wants(t, kinds["update"], "update", secret.ID)
	wants(t, kinds["notification"], "notification", secret.ID)
	wants(t, direct.next(), "conversation", secret.ID)
	err = w.in.Services.Statuses.Delete(t.Context(), w.people["bob"].ID, first.ID)
	w.must(err)
	wants(t, alice.next(), "delete", first.ID)
}

func TestPublic_streams_hear_what_their_timelines_show(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.in.Services.Blocks.Block(t.Context(), w.people["alice"].ID, w.people["bob"].ID)
	w.must(err)
	token := w.token("alice", "read")
	public, local := w.listen("/api/v1/streaming/public", token), w.listen("/api/v1/streaming/public/local", token)
	tagged := w.listen("/api/v1/streaming/hashtag/local?tag=Cats", token)

	w.post("bob", "alice blocked me #cats")
	w.post("carol", "not for everybody", visibility(social.Unlisted))
	root := w.post("carol", "for everybody")
	w.post("bob", "an answer", func(d *social.Draft) { d.ReplyTo = root.ID })
	mine := w.post("alice", "an answer to somebody else #cats", func(d *social.Draft) { d.ReplyTo = root.ID })
	last := w.post("carol", "and #CATS for all")
	for _, s := range []*events{public, local} {
		got := s.next()
		wants(t, got, "update", root.ID)
		if got.entity().Favourited != nil {
			t.Errorf("a public stream says what the viewer did: %s", got.Payload)
		}
		wants(t, s.next(), "update", last.ID)
	}
	wants(t, tagged.next(), "update", mine.ID)
	wants(t, tagged.next(), "update", last.ID)
	err = w.in.Services.Statuses.Delete(t.Context(), w.people["carol"].ID, last.ID)
	w.must(err)
	wants(t, public.next(), "delete", last.ID)
	wants(t, tagged.next(), "delete", last.ID)
}

func TestSocket_carries_many_streams(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("alice", "bob")
	list, err := w.in.Services.Lists.Create(t.Context(), w.people["alice"].ID, social.List{Title: "friends"})
	w.must(err)
	w.must(w.in.Services.Lists.Add(t.Context(), w.people["alice"].ID, list.ID, []social.ID{w.people["bob"].ID}))
	token := w.token("alice", "read write")
	s, res, err := w.dial("", token)
	w.must(err)
	if got := res.Header.Get("Sec-WebSocket-Protocol"); got != token {
		t.Errorf("Sec-WebSocket-Protocol = %q, want the token again", got)
	}
	s.say(`{"type":"subscribe","stream":"user"}`)
	s.say(`{"type":"subscribe","stream":"user"}`)
	s.say(`{"type":"subscribe","stream":"hashtag","tag":"Cats"}`)
	s.say(`{"type":"subscribe","stream":"list","list":"` + list.ID.String() + `"}`)
	s.heard()
	posted := w.post("bob", "look #cats")
	var streams []string
	for range 3 {
		got := s.next()
		wants(t, got, "update", posted.ID)
		streams = append(streams, got.Stream[0])
		if want := map[string]string{"hashtag": "Cats", "list": list.ID.String()}[got.Stream[0]]; want != "" && (len(got.Stream) != 2 || got.Stream[1] != want) {
			t.Errorf("stream = %v, want the argument %s", got.Stream, want)
		}
	}
	slices.Sort(streams)
	if want := []string{"hashtag", "list", "user"}; !slices.Equal(streams, want) {
		t.Errorf("the post came on %v, want %v", streams, want)
	}
	s.say(`{"type":"unsubscribe","stream":"list","list":"` + list.ID.String() + `"}`)
	s.say(`{"type":"unsubscribe","stream":"hashtag","tag":"Cats"}`)
	s.say(`{"type":"subscribe","stream":"user:notification"}`)
	s.heard()
	_, err = w.in.Services.Reactions.Favourite(t.Context(), w.people["bob"].ID, w.post("alice", "like this").ID)
	w.must(err)
	got := []event{s.next(), s.next(), s.next()}
	if got[0].Event != "update" || got[1].Event != "notification" || got[2].Event != "notification" || got[1].Stream[0] == got[2].Stream[0] {
		t.Errorf("got %+v, want the post, and the notification on both streams", got)
	}
	if kind := got[1].entity().Type; kind != "favourite" {
		t.Errorf("the notification is of type %q, want favourite", kind)
	}
}

func TestSocket_refuses_by_frames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs, err := w.in.Services.Lists.Create(t.Context(), w.people["bob"].ID, social.List{Title: "his"})
	w.must(err)
	s := w.socket("?stream=nothing&access_token=" + w.token("alice", "read:statuses"))
	if got := s.next(); got.Status != 400 || got.Error == "" {
		t.Errorf("an unknown stream: %+v, want an error 400", got)
	}
	for frame, status := range map[string]int{
		`not json`: 400,
		`{"type":"subscribe","stream":"hashtag"}`:                                           400,
		`{"type":"subscribe","stream":"list","list":"x"}`:                                   400,
		`{"type":"subscribe","stream":"list","list":"` + theirs.ID.String() + `"}`:          401,
		`{"type":"subscribe","stream":"user:notification"}`:                                 403,
		`{"type":"unsubscribe","stream":"public:remote:media","tag":null,"list":17,"x":[]}`: 0,
	} {
		s.say(frame)
		if status == 0 {
			continue
		}
		if got := s.next(); got.Status != status || got.Error == "" {
			t.Errorf("%s: %+v, want an error %d", frame, got, status)
		}
	}
	s.heard()
	w.must(s.conn.WriteMessage(websocket.BinaryMessage, []byte{1}))
	if _, _, err := s.conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
		t.Errorf("after a binary frame: %v, want close 1003", err)
	}
	for query, status := range map[string]int{
		"": 401, "?access_token=nonsense": 401, "?access_token=" + w.token("alice", "write"): 403,
	} {
		if _, res, err := w.dial(query); err == nil || res == nil || res.StatusCode != status {
			t.Errorf("dial %s: %v, %v; want %d before the upgrade", query, res, err, status)
		}
	}
	for path, status := range map[string]int{
		"/api/v1/streaming": 404, "/api/v1/streaming/user": 401, "/api/v1/streaming/nothing": 404, "/api/v1/streaming/health": 200,
	} {
		if res := w.request(path, ""); res.StatusCode != status {
			t.Errorf("GET %s: %d, want %d", path, res.StatusCode, status)
		}
	}
	read := w.token("alice", "read")
	for path, status := range map[string]int{
		"/api/v1/streaming/hashtag": 400, "/api/v1/streaming/list": 400, "/api/v1/streaming/list?list=" + theirs.ID.String(): 401,
	} {
		if res := w.request(path, read); res.StatusCode != status {
			t.Errorf("GET %s: %d, want %d", path, res.StatusCode, status)
		}
	}
}

func TestStreams_end_with_their_token(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, stays := w.token("alice", "read"), w.token("alice", "read")
	s, e, other := w.socket("/?stream=user&access_token="+token), w.listen("/api/v1/streaming/user", token), w.listen("/api/v1/streaming/user", stays)
	s.heard()
	w.must(w.in.Services.Store.RevokeTokens(t.Context(), []string{social.Hash(token)}, w.in.Services.Now()))
	if _, _, err := s.conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("the socket after its token ended: %v, want it closed", err)
	}
	if got := e.next(); got.Event != "" {
		t.Errorf("the stream after its token ended: %+v, want its end", got)
	}
	posted := w.post("alice", "still here")
	wants(t, other.next(), "update", posted.ID)
	if res := w.request("/api/v1/streaming/user", token); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stream with the token that ended: %d, want 401", res.StatusCode)
	}
}

// Two processes over one PostgreSQL: what one does is heard by who listens to the other.
func TestStreams_reach_the_listeners_of_every_process(t *testing.T) {
	t.Parallel()
	dsn := prepared.Postgres(t)
	here, there := join(t, dsn), join(t, dsn)
	a, err := here.in.Services.Accounts.Create(t.Context(), social.NewAccount{Username: "alice"})
	here.must(err)
	here.people["alice"], there.people["alice"] = a, a
	token := here.token("alice", "read")
	one, two := here.listen("/api/v1/streaming/user", token), there.listen("/api/v1/streaming/user", token)
	posted := here.post("alice", "heard everywhere")
	wants(t, one.next(), "update", posted.ID)
	wants(t, two.next(), "update", posted.ID)
	back := there.post("alice", "and back")
	wants(t, one.next(), "update", back.ID)
	wants(t, two.next(), "update", back.ID)
	here.must(here.in.Services.Store.RevokeTokens(t.Context(), []string{social.Hash(token)}, here.in.Services.Now()))
	if got := two.next(); got.Event != "" {
		t.Errorf("after the token ended elsewhere: %+v, want the end of the stream", got)
	}
}

func TestUser_hears_announcements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.listen("/api/v1/streaming/user", w.token("alice", "read"))
	told := w.in.Services.Announcements
	a, err := told.Publish(t.Context(), social.Announcement{Text: "hello"})
	w.must(err)
	got := alice.next()
	wants(t, got, "announcement", a.ID)
	w.must(told.React(t.Context(), w.people["bob"].ID, a.ID, "😀"))
	if got := alice.next(); got.Event != "announcement.reaction" || got.Payload != `{"name":"😀","count":1,"announcement_id":"`+a.ID.String()+`"}` {
		t.Errorf("got %+v", got)
	}
	w.must(told.Unreact(t.Context(), w.people["bob"].ID, a.ID, "😀"))
	if got := alice.next(); got.Payload != `{"name":"😀","count":0,"announcement_id":"`+a.ID.String()+`"}` {
		t.Errorf("got %+v", got)
	}
	w.must(told.Withdraw(t.Context(), a.ID))
	if got := alice.next(); got.Event != "announcement.delete" || got.Payload != a.ID.String() {
		t.Errorf("got %+v", got)
	}
}

// Pages hear what programs do, and strangers what is public.
func TestPage_hears_a_timeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("alice", "bob")
	newHub := func() *stream.Hub {
		return &stream.Hub{Store: w.in.Services.Store, Render: func(social.ID) clientapi.Render {
			return clientapi.Render{URLs: w.in.Services.URLs, Text: richtext.Mastodon41}
		}}
	}
	for _, tt := range []struct {
		name, stream, argument string
		viewer                 social.ID
	}{
		{"a home", "user", "", w.people["alice"].ID}, {"a stranger's local timeline", "public:local", "", 0}, {"a hashtag", "hashtag", "tea", 0},
	} {
		hub := newHub() // of its own: the post of the row before may still be on its way
		defer hub.Close()
		p, err := hub.Page(t.Context(), tt.viewer, "", tt.stream, tt.argument)
		w.must(err)
		defer p.Close()
		post := w.post("bob", "for everybody #tea")
		hub.Hear(social.News{Kind: social.NewsArrived, Subject: post.ID, Feeds: []social.ID{w.people["alice"].ID}, Public: true})
		if event, id, more := p.Next(nil); event != "update" || id != post.ID || !more {
			t.Errorf("%s hears %s about %s, %v; want update about %s", tt.name, event, id, more, post.ID)
		}
		p.Close()
		if _, _, more := p.Next(nil); more {
			t.Errorf("%s goes on after its end", tt.name)
		}
	}
	hub := newHub()
	defer hub.Close()
	if _, err := hub.Page(t.Context(), 0, "", "list", "17"); err == nil {
		t.Error("a stranger watches a list")
	}
}
