package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Migrated is the content of an SQLite file with the newest schema and nothing in it, made once in a program: whoever opens many
// databases, such as a lab for each run of a scenario, writes it where the next one will be. Migrating takes fifty times as long.
var Migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "orrery-migrated-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for an empty database: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	s, err := Open(context.Background(), Options{DSN: "sqlite:" + path, Synchronous: "OFF", Instance: "migrated", NewID: func() int64 { return 1 }})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		return nil, errors.New("closing left a WAL behind, so the file is not the whole database")
	}
	return os.ReadFile(path)
})
