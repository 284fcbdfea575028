package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/storage/sqldb"
)

const replies = 500

// BenchmarkThread measures opening a thread of 500 replies from elsewhere, as an app does, against a bare handler that reads
// as many rows by an index and answers as many bytes.
func BenchmarkThread(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		w := newWorld(b, s)
		root := w.thread(replies)
		bearer, _, err := w.instance.Services.SignIns.Token(b.Context(), w.alice.ID, 0, "read")
		must(b, err)
		url := "http://" + w.address + "/api/v1/statuses/" + root.String() + "/context"
		var thread struct{ Descendants []json.RawMessage }
		answer := get(b, url, bearer)
		must(b, json.Unmarshal(answer, &thread))
		if len(thread.Descendants) != replies {
			b.Fatalf("%d replies are shown, want %d", len(thread.Descendants), replies)
		}
		bareURL := bareThread(b, s.dsn, root, answer)
		const each = 20
		var full, least cost
		var took waits
		for b.Loop() {
			full = full.plus(w.meter.measure(b, func() {
				for range each {
					began := time.Now()
					get(b, url, bearer)
					took = append(took, time.Since(began))
				}
			}))
			least = least.plus(w.meter.measure(b, func() {
				for range each {
					get(b, bareURL, "")
				}
			}))
		}
		full.against(b, least, b.N*each, "threads")
		took.report(b)
	})
}

// thread is a post of alice with n replies by 50 people elsewhere, every second one to the reply before it.
func (w *world) thread(n int) social.ID {
	w.b.Helper()
	people := w.people(50, func(i int) string { return fmt.Sprintf("host%d.example", i) })
	root, err := w.instance.Services.Statuses.Publish(w.b.Context(), w.alice.ID, social.Draft{Text: "What do you think?", Visibility: social.Public})
	must(w.b, err)
	parent := root
	must(w.b, w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error {
		for i := range n {
			p := people[i%len(people)]
			if i%2 == 0 {
				parent = root
			}
			s := social.Status{
				ID: social.ID(w.ids.Next()), URI: fmt.Sprintf("%s/statuses/%d", p.URI, i), AccountID: p.ID, ReplyToID: parent.ID, ReplyToAccountID: parent.AccountID,
				Visibility: social.Public, Content: "<p>Something that somebody else thinks about it, at some length.</p>", ObjectType: "Note", CreatedAt: time.Now(),
				Conversation: root.Conversation,
			}
			if err := tx.InsertStatus(ctx, s); err != nil {
				return err
			}
			parent = s
		}
		return nil
	}))
	return root.ID
}

func get(b *testing.B, url, bearer string) []byte {
	b.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	must(b, err)
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := http.DefaultClient.Do(req)
	must(b, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b, err)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("%s was answered %d: %s", url, res.StatusCode, body)
	}
	return body
}

// bareThread answers with answer after reading the rows of a thread.
func bareThread(b *testing.B, dsn string, root social.ID, answer []byte) (url string) {
	b.Helper()
	db, err := sqldb.Open(b.Context(), dsn, sqldb.Options{Synchronous: "FULL"})
	must(b, err)
	first := int64(root)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/thread", func(c *fiber.Ctx) error {
		rows, err := db.Query(c.UserContext(), `SELECT id, uri, content, created_at FROM statuses WHERE id > $1 ORDER BY id LIMIT 500`, first)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, at int64
			var uri, content string
			if err := rows.Scan(&id, &uri, &content, &at); err != nil {
				return err
			}
		}
		return c.Send(answer)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = app.Listener(l) }()
	b.Cleanup(func() {
		must(b, app.Shutdown())
		<-stopped
		must(b, db.Close())
	})
	return "http://" + l.Addr().String() + "/thread"
}
