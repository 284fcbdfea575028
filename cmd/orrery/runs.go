package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	runlog "orrery/activitylog/kept"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/scenarios/runs"
	"orrery/server"
	"orrery/storage"
)

// labDesk runs scenarios beside a lab and keeps them in its folder, in lab.db (contracts.md 25). Runs outlive a reset of the
// lab; a fresh one begins without.
func labDesk(ctx context.Context, l *lab.Loopback, fresh bool, log *slog.Logger) (desk *runs.Desk, done func(), err error) {
	dir, _ := l.Folder()
	path := filepath.Join(dir, "lab.db")
	if fresh {
		for _, ext := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(path + ext); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, nil, fmt.Errorf("the runs that are kept in %s cannot be removed: %w", dir, err)
			}
		}
	}
	c := clock.Real{}
	ids := snowflake.New(c.Now)
	s, err := storage.Open(ctx, storage.Options{
		DSN: "sqlite:" + path, Synchronous: "NORMAL", Instance: "lab", Alone: true, NewID: ids.Next, Log: log,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("the runs that are kept in %s cannot be read: %w. Begin anew with --fresh, or choose another folder with --data", path, err)
	}
	desk = runs.New(s, c, rand.Reader, log)
	done = func() { desk.Close(); _ = s.Close() }
	if err := desk.Resume(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return desk, done, nil
}

// serveDesk runs scenarios beside a server and keeps them in its database.
func serveDesk(ctx context.Context, i *server.Instance, log *slog.Logger) (*runs.Desk, error) {
	s, ok := i.Services.Store.(runlog.Store)
	if !ok {
		return nil, errors.New("this server's database keeps no runs of scenarios: start it without --scenarios")
	}
	desk := runs.New(s, clock.Real{}, rand.Reader, log)
	return desk, desk.Resume(ctx)
}
