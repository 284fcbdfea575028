package bench

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/valyala/fasthttp"

	"orrery/server"
	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

// bareInbox does the least that an inbox must: it checks the digest and the signature of a request with a key at hand
// and commits one row, on the engine that dsn is of. done stops it.
func (w *world) bareInbox(b *testing.B, dsn string) (address string, done func()) {
	b.Helper()
	if strings.HasPrefix(dsn, "sqlite:") {
		dsn = "sqlite:" + filepath.Join(b.TempDir(), "bare.db")
	} else {
		dsn = storagetest.Postgres(b)
	}
	db, err := sqldb.Open(b.Context(), dsn, sqldb.Options{Synchronous: "FULL"})
	must(b, err)
	_, err = db.Exec(b.Context(), "CREATE TABLE notes (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)")
	must(b, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	var last atomic.Int64
	srv := server.NewHTTP(func(c *fasthttp.RequestCtx) {
		if !server.Admit(c) {
			return
		}
		body := append([]byte(nil), c.Request.Body()...)
		if !holds(c, body, &w.key.PublicKey) {
			c.SetStatusCode(http.StatusUnauthorized)
			return
		}
		if _, err := db.Exec(context.Background(), "INSERT INTO notes (id, body) VALUES ($1, $2)", last.Add(1), body); err != nil {
			c.SetStatusCode(http.StatusInternalServerError)
			return
		}
		c.SetStatusCode(http.StatusAccepted)
	})
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = srv.Serve(l) }()
	return l.Addr().String(), func() {
		must(b, srv.Shutdown())
		<-stopped
		must(b, db.Close())
	}
}

// holds checks a signature in the one form that request makes.
func holds(c *fasthttp.RequestCtx, body []byte, key *rsa.PublicKey) bool {
	h := &c.Request.Header
	sum := sha256.Sum256(body)
	if string(h.Peek("Digest")) != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]) {
		return false
	}
	_, names, _ := strings.Cut(string(h.Peek("Signature")), `headers="`)
	names, value, _ := strings.Cut(names, `"`)
	_, value, _ = strings.Cut(value, `signature="`)
	value, _, _ = strings.Cut(value, `"`)
	var lines []string
	for _, name := range strings.Fields(names) {
		if name == "(request-target)" {
			lines = append(lines, name+": post "+string(h.RequestURI()))
		} else {
			lines = append(lines, name+": "+string(h.Peek(name)))
		}
	}
	sig, err := base64.StdEncoding.DecodeString(value)
	sum = sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil
}
