package api

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

// Whatever another process does to posts and people, and to how readers stand to them, and whatever time does, pages out of
// memory are byte by byte those that are read from the database each time. Each is asked for twice: the first is made anew
// after a change, of parts that are remembered, and the second is remembered as a whole.
func TestPagesOutOfMemoryAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		w := newWorldOn(t, dsn)
		w.withQuotes()
		h := newHistory(w)
		// The one that reads is a process of its own.
		ids := snowflake.New(w.Now)
		store, err := storage.Open(t.Context(), storage.Options{DSN: dsn, Synchronous: "OFF", Instance: "alpha", URLs: w.URLs, NewID: ids.Next})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		kept := reading(w, store, &social.Reader{Store: store, Shelf: social.NewShelf(200 << 10)}) // so small that much is forgotten
		fresh := reading(w, store, &social.Reader{Store: store})
		rounds := 4
		if store.Dialect() == "postgres" {
			rounds = 2
		}
		done := map[string]int{}
		for i, c := range h.order(rounds) {
			err := c.do()
			if err == nil {
				done[c.name]++
			} else if !errors.Is(err, social.ErrNotFound) && !errors.Is(err, social.ErrConflict) && !errors.Is(err, social.ErrInvalid) && !errors.Is(err, social.ErrForbidden) {
				t.Fatalf("change %d, %s: %v", i, c.name, err)
			}
			viewer := h.pick("alice", "bob", "lena", "rita")
			want, err1 := fresh.Reader.Wanted(t.Context(), w.people[viewer].ID, h.statuses)
			got, err2 := kept.Reader.Wanted(t.Context(), w.people[viewer].ID, h.statuses)
			if diff := cmp.Diff(want, got); diff != "" || err1 != nil || err2 != nil {
				t.Fatalf("after change %d, %s, what %s sees (-from the database +from memory): %v, %v\n%s", i, c.name, viewer, err1, err2, diff)
			}
			for _, as := range []string{h.pick("alice", "bob", "lena"), h.pick("alice", "")} {
				for _, target := range []string{h.page(), h.page()} {
					want := fresh.get(t, w.tokens[as], target)
					for _, time := range []string{"first", "second"} {
						if got := kept.get(t, w.tokens[as], target); want != got {
							t.Fatalf("after change %d, %s: %s as %q\nfrom the database:            %s\nfrom memory, the %s time: %s", i, c.name, target, as, want, time, got)
						}
					}
				}
			}
		}
		if store.Dialect() == "sqlite" {
			for _, c := range h.changes() {
				if done[c.name] == 0 {
					t.Errorf("%s never did anything: the test proves nothing about it", c.name)
				}
			}
		}
	})
}

// reader is an API that is only read from.
type reader struct {
	*API
	app *fiber.App
}

func reading(w *world, store *storage.Store, r *social.Reader) reader {
	a := &API{Services: w.Services, Info: w.Info, Text: w.Text, Log: w.Log}
	if r.Shelf != nil {
		a.Encoded, a.Answers = clientapi.NewEncoded(200<<10), NewAnswers(200<<10)
	}
	a.Store, a.Reader = store, r
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, DisablePreParseMultipartForm: true, ReadBufferSize: 1 << 16})
	a.Register(app)
	return reader{a, app}
}

// get is status, body and Link header of an answer.
func (r reader) get(t *testing.T, token, target string) string {
	req := httptest.NewRequest(http.MethodGet, target, nil)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := r.app.Test(req, -1)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	return fmt.Sprintf("%d %s %s", res.StatusCode, body, res.Header.Get("Link"))
}

// history is a random one of a small world.
type history struct {
	*world
	*rand.Rand
	statuses []social.ID
	ahead    time.Duration // of the clock
}

func newHistory(w *world) *history {
	h := &history{world: w, Rand: rand.New(rand.NewPCG(7, 62))}
	now := w.Now
	w.Now = func() time.Time { return now().Add(h.ahead) }
	w.people["rolf"] = w.remote("rolf", "other.test")
	for range 12 {
		_ = h.write()
	}
	return h
}

func (h *history) pick(names ...string) string { return names[h.IntN(len(names))] }
func (h *history) anybody() social.Account {
	return h.people[h.pick("alice", "bob", "lena", "rita", "rolf")]
}
func (h *history) here() social.Account { return h.people[h.pick("alice", "bob", "lena")] }
func (h *history) id() social.ID        { return h.Accounts.NewID() }

// status is a post that is there, if need be marked as deleted: those that went with another for good are forgotten here.
func (h *history) status() social.ID {
	h.statuses = slices.DeleteFunc(h.statuses, func(id social.ID) bool {
		_, err := h.Store.StatusByID(h.t.Context(), id)
		_, gone := h.Store.StatusDeleted(h.t.Context(), id)
		return err != nil && gone != nil
	})
	return h.statuses[h.IntN(len(h.statuses))]
}

func (h *history) yes() bool { return h.IntN(2) == 0 }

// page is one that shows posts.
func (h *history) page() string {
	ids := ""
	for range 4 {
		ids += "&id[]=" + h.status().String()
	}
	return h.pick("/api/v1/timelines/home?limit=40", "/api/v1/timelines/public?limit=40", "/api/v1/timelines/tag/fun?limit=40", "/api/v1/notifications?limit=40",
		"/api/v2/notifications?limit=40", "/api/v1/accounts/"+h.anybody().ID.String()+"/statuses?limit=40", "/api/v1/statuses/"+h.status().String()+"/context",
		"/api/v1/statuses/"+h.status().String(), "/api/v1/statuses?limit=40"+ids, "/api/v1/favourites?limit=40", "/api/v1/bookmarks?limit=40")
}

// write adds a post of any kind.
func (h *history) write() error {
	by, id := h.anybody(), h.id()
	s := social.Status{
		ID: id, URI: by.URI + "/statuses/" + id.String(), AccountID: by.ID, CreatedAt: h.Now(), ObjectType: "Note", Local: by.Local(), Visibility: social.Public,
		Content: h.pick("<p>plain</p>", "<p>:cat: and word</p>", "<p>a <b>b</b> <script>x</script></p>"), SpoilerText: h.pick("", "", ":dog:"), Conversation: "tag:c," + h.pick("1", "2", "3"),
	}
	if h.IntN(3) == 0 {
		s.Visibility = social.Visibility(h.pick("unlisted", "private", "direct"))
	}
	if len(h.statuses) > 4 {
		switch h.IntN(5) {
		case 0:
			s.BoostOfID, s.Content, s.SpoilerText, s.ObjectType = h.status(), "", "", ""
		case 1, 2:
			if parent, err := h.Store.StatusByID(h.t.Context(), h.status()); err == nil {
				s.ReplyToID, s.ReplyToURI, s.ReplyToAccountID = parent.ID, parent.URI, parent.AccountID
			}
		}
	}
	if s.BoostOfID == 0 {
		for range h.IntN(3) {
			s.Mentions = append(s.Mentions, social.Mention{AccountID: h.anybody().ID, Silent: h.IntN(4) == 0})
		}
		if h.yes() {
			s.Tags = []string{"fun"}
		}
		if h.IntN(4) == 0 {
			s.Poll = &social.Poll{StatusID: id, Options: []social.PollOption{{Title: "yes"}, {Title: "word", Votes: 2}}, ExpiresAt: h.Now().Add(time.Hour), Voters: 2, HideTotals: h.yes()}
		}
		if h.IntN(4) == 0 {
			s.Attachments = []social.Attachment{{ID: h.id(), Kind: social.MediaImage, RemoteURL: "https://remote.test/a.png", CreatedAt: h.Now()}}
		}
	}
	ctx := h.t.Context()
	if err := h.Store.InsertStatus(ctx, s); err != nil {
		return err
	}
	h.statuses = append(h.statuses, id)
	if len(h.statuses) > 40 {
		h.statuses = h.statuses[1:]
	}
	for _, name := range []string{"alice", "bob", "lena"} {
		p := h.people[name].ID
		if err := h.Store.InsertHome(ctx, []social.HomeEntry{{AccountID: p, StatusID: id, BoostOfID: s.BoostOfID, Via: "follow"}}); err != nil {
			return err
		}
		if p != by.ID {
			if err := h.Store.InsertNotification(ctx, social.Notification{ID: h.id(), AccountID: p, FromID: by.ID, Type: social.NotifyMention, StatusID: id, CreatedAt: h.Now()}); err != nil {
				return err
			}
		}
	}
	return nil
}

type change struct {
	name string
	do   func() error
}

// order has every change so many times.
func (h *history) order(rounds int) []change {
	all := slices.Repeat(h.changes(), rounds)
	h.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// changes are everything that shows on a page.
func (h *history) changes() []change {
	ctx, store := h.t.Context(), h.Store
	edited := func(with func(*social.Status)) error {
		s, err := store.StatusByID(ctx, h.status())
		if err != nil {
			return err
		}
		s.EditedAt = h.Now()
		with(&s)
		return store.UpdateStatus(ctx, s)
	}
	account := func(with func(*social.Account)) error {
		a, err := store.AccountByID(ctx, h.anybody().ID)
		if err != nil {
			return err
		}
		with(&a)
		return store.UpdateAccount(ctx, a)
	}
	stands := func(with func(*social.Standing)) error {
		a, err := store.AccountByID(ctx, h.anybody().ID)
		if err != nil {
			return err
		}
		with(&a.Standing)
		return store.SetStanding(ctx, a.ID, a.Standing)
	}
	since := func() time.Time { return h.Now().Truncate(time.Second) }
	toggle := func(add, remove func() error) func() error {
		return func() error {
			if h.yes() {
				return remove()
			}
			return add()
		}
	}
	names := []social.EmojiName{{Shortcode: "cat"}, {Domain: "remote.test", Shortcode: "cat"}, {Domain: "other.test", Shortcode: "dog"}}
	emoji := func() social.EmojiName { return names[h.IntN(len(names))] }
	card := func() social.Card {
		by := social.ID(0)
		if h.yes() {
			by = h.people["rolf"].ID
		}
		return social.Card{ID: h.id(), URL: "https://page.test/" + h.pick("a", "b"), Kind: "link", Title: h.pick("one", "two"), AuthorID: by, FetchedAt: h.Now()}
	}
	return []change{
		{"time", func() error { h.ahead += 25 * time.Minute; return nil }}, // polls last an hour, filters that end half of it
		{"a post", h.write},
		{"another post", h.write},
		{"an edit", func() error {
			return edited(func(s *social.Status) { s.Content = "<p>edited :cat: " + h.id().String() + "</p>" })
		}},
		{"an edit of mentions and tags", func() error {
			return edited(func(s *social.Status) {
				s.Mentions, s.Tags = []social.Mention{{AccountID: h.anybody().ID}}, []string{h.pick("fun", "new")}
			})
		}},
		{"a mention more", func() error {
			return store.AddMention(ctx, h.status(), social.Mention{AccountID: h.anybody().ID, Silent: true}, social.Private)
		}},
		{"a deletion", func() error { _, err := store.MarkDeleted(ctx, h.status(), h.Now()); return err }},
		{"a deletion for good", func() error {
			id := h.status()
			_, _ = store.MarkDeleted(ctx, id, h.Now())
			h.statuses = slices.DeleteFunc(h.statuses, func(other social.ID) bool { return other == id })
			return store.PurgeStatus(ctx, id)
		}},
		{"a like", func() error {
			return store.InsertFavourite(ctx, social.Favourite{ID: h.id(), AccountID: h.anybody().ID, StatusID: h.status(), CreatedAt: h.Now()})
		}},
		{"a like taken back", func() error {
			for _, id := range h.statuses {
				if by, err := store.FavouritedBy(ctx, id, social.Page{Limit: 1}); err != nil || len(by) > 0 {
					return errors.Join(err, store.DeleteFavourite(ctx, by[0], id))
				}
			}
			return social.ErrNotFound
		}},
		{"counts of its own server", func() error {
			n := h.Int64N(90)
			return store.SetOriginCounts(ctx, h.status(), social.OriginCounts{Boosts: social.Claimed(n), Favourites: social.Claimed(n)})
		}},
		{"a bookmark", toggle(
			func() error {
				return store.InsertBookmark(ctx, social.Bookmark{ID: h.id(), AccountID: h.here().ID, StatusID: h.status(), CreatedAt: h.Now()})
			},
			func() error { return store.DeleteBookmark(ctx, h.here().ID, h.status()) })},
		{"a pin", toggle(
			func() error { return store.InsertPin(ctx, h.here().ID, h.status(), h.Now()) },
			func() error { _, err := store.DeletePin(ctx, h.here().ID, h.status()); return err })},
		{"a muted conversation", toggle(
			func() error { return store.MuteConversation(ctx, h.here().ID, "tag:c,"+h.pick("1", "2"), h.Now()) },
			func() error { return store.UnmuteConversation(ctx, h.here().ID, "tag:c,"+h.pick("1", "2")) })},
		{"a vote", func() error {
			_, err := store.InsertVotes(ctx, []social.PollVote{{ID: h.id(), StatusID: h.poll(), AccountID: h.anybody().ID, Choice: h.IntN(2), CreatedAt: h.Now()}})
			return err
		}},
		{"tallies", func() error {
			return store.UpdateTallies(ctx, social.Poll{StatusID: h.poll(), Options: []social.PollOption{{Title: "yes", Votes: h.Int64N(9)}, {Title: "word", Votes: 3}}, Voters: 9, ExpiresAt: h.Now().Add(time.Minute), FetchedAt: h.Now()})
		}},
		{"another poll", func() error {
			return store.ReplacePoll(ctx, h.poll(), &social.Poll{Options: []social.PollOption{{Title: "x"}, {Title: "y"}}, Voters: -1})
		}},
		{"media", func() error {
			return store.InsertAttachment(ctx, social.Attachment{ID: h.id(), AccountID: h.here().ID, StatusID: h.status(), Kind: social.MediaImage, RemoteURL: "https://remote.test/b.png", CreatedAt: h.Now()})
		}},
		{"media described", func() error {
			all, err := store.Attachments(ctx, h.statuses)
			for _, id := range h.statuses {
				for _, a := range all[id] {
					a.Description = h.pick("a word", "something else")
					return store.UpdateAttachment(ctx, a)
				}
			}
			return errors.Join(err, social.ErrNotFound)
		}},
		{"media removed", func() error {
			all, err := store.Attachments(ctx, h.statuses)
			for _, id := range h.statuses {
				for _, a := range all[id] {
					return store.DeleteAttachment(ctx, a.ID)
				}
			}
			return errors.Join(err, social.ErrNotFound)
		}},
		{"a card", toggle(
			func() error {
				id, err := store.PutCard(ctx, card())
				if err != nil {
					return err
				}
				if _, err := store.StatusByID(ctx, h.statuses[len(h.statuses)-1]); err != nil {
					return err
				}
				return store.SetCard(ctx, h.statuses[len(h.statuses)-1], id, "https://page.test/x")
			},
			func() error { return store.DeleteCard(ctx, h.status()) })},
		{"a card read again", func() error { _, err := store.PutCard(ctx, card()); return err }},
		{"a quote", func() error {
			by, quoted := h.status(), h.status()
			if _, err := store.StatusByID(ctx, by); err != nil {
				return err
			}
			return store.PutQuote(ctx, social.Quote{ID: h.id(), StatusID: by, AccountID: h.anybody().ID, QuotedID: quoted, QuotedURI: "https://x.test/" + quoted.String(),
				State: social.QuoteState(h.pick("pending", "accepted", "accepted", "revoked")), CheckedAt: h.Now()})
		}},
		{"a quote removed", func() error { return store.DeleteQuote(ctx, h.status()) }},
		{"who may quote", func() error {
			return store.SetQuotePolicy(ctx, h.status(), social.QuotePolicy(h.pick("public", "followers", "nobody", "followers/public")))
		}},
		{"an emoji", func() error {
			n := emoji()
			return store.PutEmoji(ctx, social.Emoji{ID: h.id(), Domain: n.Domain, Shortcode: n.Shortcode, ImageURL: "https://" + n.Domain + "/" + h.pick("1", "2"), UpdatedAt: h.Now()})
		}},
		{"an emoji removed", func() error { return store.DeleteEmoji(ctx, emoji()) }},
		{"a profile", func() error {
			return account(func(a *social.Account) {
				a.DisplayName, a.Fields = h.pick("new :cat:", "newer"), []social.Field{{Name: "pet :dog:", Value: h.pick("x", "y")}}
			})
		}},
		{"who may name them", func() error {
			return account(func(a *social.Account) { a.AttributionDomains = strings.Fields(h.pick("", "page.test")) })
		}},
		{"a suspension", func() error {
			return stands(func(s *social.Standing) {
				if s.SuspendedAt.IsZero() {
					s.SuspendedAt, s.SuspensionOrigin = since(), social.OriginLocal
				} else {
					s.SuspendedAt, s.SuspensionOrigin = time.Time{}, ""
				}
			})
		}},
		{"silence", func() error {
			return stands(func(s *social.Standing) {
				if s.SilencedAt.IsZero() {
					s.SilencedAt = since()
				} else {
					s.SilencedAt = time.Time{}
				}
			})
		}},
		{"a move", func() error { return store.SetMoved(ctx, h.anybody().ID, h.anybody().ID, h.Now()) }},
		{"a new name", func() error {
			a := h.people[h.pick("rita", "rolf")]
			return store.RenameAccount(ctx, a.ID, a.Username+h.pick("", "2"), h.pick("remote.test", "other.test"))
		}},
		{"a follow", toggle(
			func() error {
				return store.InsertFollow(ctx, social.Follow{ID: h.id(), AccountID: h.anybody().ID, TargetID: h.anybody().ID, URI: h.id().String(), Pending: h.yes(), CreatedAt: h.Now()})
			},
			func() error { return store.DeleteFollow(ctx, h.anybody().ID, h.anybody().ID) })},
		{"a block", toggle(
			func() error {
				return store.InsertBlock(ctx, social.Block{ID: h.id(), AccountID: h.anybody().ID, TargetID: h.anybody().ID, CreatedAt: h.Now()})
			},
			func() error { return store.DeleteBlock(ctx, h.anybody().ID, h.anybody().ID) })},
		{"a mute", toggle(
			func() error {
				return store.PutMute(ctx, social.Mute{ID: h.id(), AccountID: h.here().ID, TargetID: h.anybody().ID, CreatedAt: h.Now()})
			},
			func() error { return store.DeleteMute(ctx, h.here().ID, h.anybody().ID) })},
		{"a blocked server", toggle(
			func() error {
				return store.InsertUserDomainBlock(ctx, social.UserDomainBlock{ID: h.id(), AccountID: h.here().ID, Domain: h.pick("remote.test", "other.test"), CreatedAt: h.Now()})
			},
			func() error {
				return store.DeleteUserDomainBlock(ctx, h.here().ID, h.pick("remote.test", "other.test"))
			})},
		{"a filter", func() error {
			return store.PutFilter(ctx, social.Filter{ID: h.id(), AccountID: h.here().ID, Title: "f", Contexts: social.FilterContexts(), Action: social.FilterWarn, CreatedAt: h.Now(),
				Keywords: []social.FilterKeyword{{ID: h.id(), Keyword: "word"}}, Statuses: []social.FilterStatus{{ID: h.id(), StatusID: h.alive()}}})
		}},
		{"a filter that ends", func() error {
			f, err := h.filter()
			if err != nil {
				return err
			}
			f.ExpiresAt = h.Now().Add(30 * time.Minute)
			return store.PutFilter(ctx, f)
		}},
		{"a filter changed", func() error {
			f, err := h.filter()
			if err != nil {
				return err
			}
			f.Keywords = []social.FilterKeyword{{ID: h.id(), Keyword: h.pick("plain", "word", "edited")}}
			return store.PutFilter(ctx, f)
		}},
		{"a filter removed", func() error {
			f, err := h.filter()
			return errors.Join(err, store.DeleteFilter(ctx, f.AccountID, f.ID))
		}},
	}
}

// poll is a post with one, or any.
func (h *history) poll() social.ID {
	polls, _ := h.Store.Polls(h.t.Context(), h.statuses)
	for _, id := range slices.Backward(h.statuses) {
		if _, ok := polls[id]; ok {
			return id
		}
	}
	return h.status()
}

// alive is a post that is there.
func (h *history) alive() social.ID {
	here, _ := h.Store.StatusesByID(h.t.Context(), h.statuses)
	for _, id := range slices.Backward(h.statuses) {
		if _, ok := here[id]; ok {
			return id
		}
	}
	return 0
}

// filter is one of those there are.
func (h *history) filter() (social.Filter, error) {
	for _, name := range []string{"alice", "bob", "lena"} {
		if all, err := h.Store.Filters(h.t.Context(), h.people[name].ID); err != nil || len(all) > 0 {
			return all[0], err
		}
	}
	return social.Filter{}, social.ErrNotFound
}
