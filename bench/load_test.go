package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/server"
	"orrery/social"
	"orrery/storage/sqldb"
)

const (
	known    = 10_000 // statuses of an otherwise empty database
	followed = 500    // of their authors alice follows
	notified = 1_000  // notifications she has
	asked    = 400    // requests of one measurement
)

// BenchmarkHome measures pages of a home timeline, BenchmarkNotifications those of notifications, over 32 connections at
// once, against a bare handler of Fiber that reads one row by its key and answers with it.
func BenchmarkHome(b *testing.B) { pages(b, "/api/v1/timelines/home") }

func BenchmarkNotifications(b *testing.B) { pages(b, "/api/v1/notifications") }

// BenchmarkHome_changing measures pages of a home into which a post comes with every tenth page, while another's post is liked
// too. What that costs by itself is measured apart and taken off.
func BenchmarkHome_changing(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		w := newLoaded(b, &s)
		request := w.get("/api/v1/timelines/home", w.alice)
		bare, key := bareRow(b, s.dsn)
		least := fmt.Appendf(nil, "GET /row/%d HTTP/1.1\r\nHost: bare\r\n\r\n", key)
		const every = 10
		var full, changes, bound cost
		var took waits
		for b.Loop() {
			full = full.plus(w.meter.measure(b, func() {
				took = append(took, askAmid(b, w.address, request, asked, func(i int) error {
					if i%every != 0 {
						return nil
					}
					return w.news()
				})...)
			}))
			changes = changes.plus(w.meter.measure(b, func() {
				for range asked / every {
					must(b, w.news())
				}
			}))
			bound = bound.plus(w.meter.measure(b, func() { ask(b, bare, least, asked) }))
		}
		full.cpu -= changes.cpu
		full.against(b, bound, b.N*asked, "pages")
		took.report(b)
	})
}

// news brings a post into alice's home, and likes one that is not there.
func (w *world) news() error {
	return w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error {
		id := social.ID(w.ids.Next())
		author := authorID(int(id) % followed)
		uri := fmt.Sprintf("https://elsewhere.example/%d", id)
		err := tx.InsertStatus(ctx, social.Status{ID: id, URI: uri, AccountID: author, Visibility: social.Public, ObjectType: "Note", CreatedAt: time.Now(),
			Conversation: uri, Content: "<p>Something new that somebody says, about as long as posts are.</p>"})
		if err == nil {
			err = tx.InsertHome(ctx, []social.HomeEntry{{AccountID: w.alice.ID, StatusID: id, Via: "follow"}})
		}
		if err == nil {
			err = tx.InsertFavourite(ctx, social.Favourite{ID: social.ID(w.ids.Next()), AccountID: author, StatusID: statusID(int(id) % (known / 2)), CreatedAt: time.Now()})
		}
		if errors.Is(err, social.ErrConflict) {
			return nil // liked already
		}
		return err
	})
}

func pages(b *testing.B, path string) {
	each(b, func(b *testing.B, s setting) {
		w := newLoaded(b, &s)
		request := w.get(path, w.alice)
		bare, key := bareRow(b, s.dsn)
		least := fmt.Appendf(nil, "GET /row/%d HTTP/1.1\r\nHost: bare\r\n\r\n", key)
		var full, bound cost
		var took, bareTook waits
		for b.Loop() {
			full = full.plus(w.meter.measure(b, func() { took = append(took, ask(b, w.address, request, asked)...) }))
			bound = bound.plus(w.meter.measure(b, func() { bareTook = append(bareTook, ask(b, bare, least, asked)...) }))
		}
		full.against(b, bound, b.N*asked, "pages")
		took.report(b)
		b.ReportMetric(bareTook.quantile(99).Seconds()*1000, "bare-p99-ms")
	})
}

// newLoaded is an instance where alice follows 500 people elsewhere and has a long home and many notifications.
func newLoaded(b *testing.B, s *setting) *world {
	b.Helper()
	if s.statuses == 0 {
		must(b, fill(b.Context(), s.dsn, known))
		s.statuses = known
	}
	w := newWorld(b, *s)
	var pairs [][2]social.Account
	for i := range followed {
		pairs = append(pairs, [2]social.Account{w.alice, {ID: authorID(i)}})
	}
	w.follow(pairs...)
	w.home(*s, []social.Account{w.alice})
	mine, err := w.instance.Services.Statuses.Publish(b.Context(), w.alice.ID, social.Draft{Text: "Hello everybody.", Visibility: social.Public})
	must(b, err)
	w.settle()
	must(b, w.instance.Services.Store.Atomically(b.Context(), func(ctx context.Context, tx social.Tx) error {
		for i := range notified {
			n := social.Notification{ID: social.ID(w.ids.Next()), AccountID: w.alice.ID, FromID: authorID(i % authors), Type: social.NotifyFavourite, StatusID: mine.ID, CreatedAt: time.Now()}
			if i%2 == 0 {
				n.Type, n.StatusID = social.NotifyMention, statusID(i)
			}
			if err := tx.InsertNotification(ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

// BenchmarkPublish measures posts of somebody with 1,000 followers here, through the API, until they stand in every home.
func BenchmarkPublish(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		w := newWorld(b, s)
		w.locals(watchers)
		body := "status=Something+that+everybody+here+should+know%2C+said+at+some+length.&visibility=public"
		request := fmt.Appendf(nil, "POST /api/v1/statuses HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
			w.address, w.bearer(w.alice, "read write"), len(body), body)
		bare, key := bareRow(b, s.dsn)
		least := fmt.Appendf(nil, "GET /row/%d HTTP/1.1\r\nHost: bare\r\n\r\n", key)
		const posts = 32
		var full, bound cost
		var took waits
		for b.Loop() {
			full = full.plus(w.meter.measure(b, func() { took = append(took, ask(b, w.address, request, posts)...); w.settle() }))
			bound = bound.plus(w.meter.measure(b, func() { ask(b, bare, least, posts) }))
		}
		full.against(b, bound, b.N*posts, "posts")
		took.report(b)
	})
}

const watchers = 1000

// BenchmarkStreams measures how long one post takes to reach 1,000 programs that watch their owners' homes, and what each
// costs in memory, the reading end of the benchmark included.
func BenchmarkStreams(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		w := newWorld(b, s)
		people := w.locals(watchers)
		before := liveMemory()
		heard := make(chan time.Time, watchers)
		for _, p := range people {
			w.watch(p, heard)
		}
		grown := liveMemory() - before
		var full cost
		var took waits
		for n := 0; b.Loop(); n++ {
			full = full.plus(w.meter.measure(b, func() {
				began := time.Now()
				_, err := w.instance.Services.Statuses.Publish(b.Context(), w.alice.ID, social.Draft{Text: fmt.Sprintf("News number %d.", n), Visibility: social.Public})
				must(b, err)
				for range watchers {
					took = append(took, (<-heard).Sub(began))
				}
			}))
		}
		b.ReportMetric(full.perSecond(b.N*watchers), "events/s")
		b.ReportMetric(full.cpuPer1000(b.N*watchers), "cpu-s/1000")
		b.ReportMetric(float64(grown)/watchers/1024, "KB-each")
		full.memory(b)
		took.report(b)
	})
}

// watch opens a person's stream and tells heard of each post.
func (w *world) watch(p social.Account, heard chan<- time.Time) {
	w.b.Helper()
	c, err := net.Dial("tcp", w.address)
	must(w.b, err)
	w.b.Cleanup(func() { _ = c.Close() })
	_, err = c.Write(w.get("/api/v1/streaming/user", p))
	must(w.b, err)
	in := bufio.NewReaderSize(c, 1024)
	res, err := http.ReadResponse(in, nil)
	must(w.b, err)
	if res.StatusCode != http.StatusOK {
		w.b.Fatalf("a stream was answered %d", res.StatusCode)
	}
	go func() {
		lines := bufio.NewReaderSize(res.Body, 1024)
		for {
			line, _, err := lines.ReadLine()
			if err != nil {
				return
			}
			if string(line) == "event: update" {
				heard <- time.Now()
			}
		}
	}()
}

// locals are n people here who follow alice.
func (w *world) locals(n int) (people []social.Account) {
	w.b.Helper()
	must(w.b, w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error {
		for i := range n {
			name := fmt.Sprintf("local%d", i)
			uri := "http://" + w.address + "/users/" + name
			a := social.Account{ID: social.ID(w.ids.Next()), Username: name, URI: uri, URL: uri, ActorType: "Person", CreatedAt: time.Now(),
				InboxURL: uri + "/inbox", OutboxURL: uri + "/outbox", FollowersURL: uri + "/followers", KeyID: uri + "#main-key", PublicKeyPEM: w.publicPEM}
			if err := tx.InsertAccount(ctx, a, ""); err != nil {
				return err
			}
			if err := tx.InsertUser(ctx, social.User{AccountID: a.ID, CreatedAt: time.Now(), DefaultVisibility: social.Public, DefaultLanguage: "en"}); err != nil {
				return err
			}
			people = append(people, a)
		}
		return nil
	}))
	pairs := make([][2]social.Account, n)
	for i, p := range people {
		pairs[i] = [2]social.Account{p, w.alice}
	}
	w.follow(pairs...)
	return people
}

func (w *world) bearer(p social.Account, scopes string) string {
	w.b.Helper()
	secret, _, err := w.instance.Services.SignIns.Token(w.b.Context(), p.ID, 0, scopes)
	must(w.b, err)
	return secret
}

// get is a request for path by p, as it goes over the wire.
func (w *world) get(path string, p social.Account) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", path, w.address, w.bearer(p, "read"))
}

// ask sends one request n times over a few connections, and says how long each answer took.
func ask(b *testing.B, address string, request []byte, n int) waits {
	b.Helper()
	return askAmid(b, address, request, n, func(int) error { return nil })
}

// askAmid is ask, and does something before the i-th.
func askAmid(b *testing.B, address string, request []byte, n int, before func(i int) error) waits {
	b.Helper()
	type conn struct {
		net.Conn
		in  *bufio.Reader
		res fasthttp.Response
	}
	conns := make([]*conn, connections)
	for i := range conns {
		c, err := net.Dial("tcp", address)
		must(b, err)
		defer c.Close()
		conns[i] = &conn{Conn: c, in: bufio.NewReaderSize(c, 16<<10)}
	}
	took := make(waits, n)
	spread(b, n, connections, func(worker, i int) error {
		if err := before(i); err != nil {
			return err
		}
		c, began := conns[worker], time.Now()
		if _, err := c.Write(request); err != nil {
			return err
		}
		if err := c.res.Read(c.in); err != nil {
			return err
		}
		took[i] = time.Since(began)
		if c.res.StatusCode() != http.StatusOK {
			return fmt.Errorf("answered %d: %s", c.res.StatusCode(), c.res.Body())
		}
		return nil
	})
	return took
}

// bareRow reads one row of statuses by its key for each request, and answers with it. key is one that is there.
func bareRow(b *testing.B, dsn string) (address string, key int64) {
	b.Helper()
	db, err := sqldb.Open(b.Context(), dsn, sqldb.Options{Synchronous: "FULL"})
	must(b, err)
	_ = db.QueryRow(b.Context(), "SELECT id FROM statuses LIMIT 1").Scan(&key) // none: nothing is found, at the same price
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/row/:id", func(c *fiber.Ctx) error {
		id, err := c.ParamsInt("id")
		if err != nil {
			return err
		}
		rows, err := db.Query(c.UserContext(), "SELECT id, uri, content, created_at FROM statuses WHERE id = $1", int64(id))
		if err != nil {
			return err
		}
		defer rows.Close()
		var row struct {
			ID, CreatedAt int64
			URI, Content  string
		}
		for rows.Next() {
			if err := rows.Scan(&row.ID, &row.URI, &row.Content, &row.CreatedAt); err != nil {
				return err
			}
		}
		return c.JSON(row)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	srv := server.NewHTTP(app.Handler())
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = srv.Serve(l) }()
	b.Cleanup(func() {
		must(b, srv.Shutdown())
		<-stopped
		must(b, db.Close())
	})
	return l.Addr().String(), key
}
