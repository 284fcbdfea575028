package storagetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orrery/storage/sqldb"
)

// server starts the server of this test binary, once. It listens on a Unix socket in its own folder.
var server = sync.OnceValues(startServer)

type postgres struct {
	dir   string   // socket, data and log
	admin sqldb.DB // for making databases
	count atomic.Int64

	preparing sync.Once
	prepared  error
}

func startServer() (*postgres, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return nil, errors.New("no PostgreSQL server in /usr/lib/postgresql/*/bin")
	}
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("", "orrery-pg-") // short: a socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	ended, err := launch(bin, dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	s := &postgres{dir: dir}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		s.admin, err = sqldb.Open(ctx, s.dsn("postgres", 2), sqldb.Options{})
		if err == nil {
			return s, nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
			continue
		case <-ctx.Done():
		case <-ended:
		}
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start PostgreSQL: %w\n%s", err, log)
	}
}

func (s *postgres) dsn(name string, conns int) string {
	return fmt.Sprintf("postgres:///%s?host=%s&user=postgres&pool_max_conns=%d", name, url.QueryEscape(s.dir), conns)
}

// template is the database that others are copied from once prepare has been called with it.
const template = "prepared"

// prepare makes the template, once.
func (s *postgres) prepare(ctx context.Context, prepare func(ctx context.Context, dsn string) error) error {
	s.preparing.Do(func() {
		if _, s.prepared = s.admin.Exec(ctx, "CREATE DATABASE "+template); s.prepared == nil {
			s.prepared = prepare(ctx, s.dsn(template, 2))
		}
	})
	return s.prepared
}

// database makes a database, a copy of from when that is not "", and drops it after the test.
func (s *postgres) database(t testing.TB, from string) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.count.Add(1))
	make := "CREATE DATABASE " + name
	if from != "" {
		make += " TEMPLATE " + from
	}
	if _, err := s.admin.Exec(t.Context(), make); err != nil {
		t.Fatalf("make a PostgreSQL database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop PostgreSQL database %s: %v", name, err)
		}
	})
	return s.dsn(name, 8)
}
