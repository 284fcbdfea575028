package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// states asks SQLite for the number that it raises when it finds that another connection, of any process, committed. It
// counts for each connection apart, so one is kept that does nothing else.
type states struct {
	mu   sync.Mutex
	open func() (*sql.DB, error)

	db   *sql.DB
	conn *sql.Conn
	stmt *sql.Stmt
	nth  int // of the connections: another one counts anew
}

func (s *states) now(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stmt == nil {
		if err := s.connect(ctx); err != nil {
			return "", err
		}
	}
	var n int64
	if err := s.stmt.QueryRowContext(ctx).Scan(&n); err != nil {
		s.disconnect()
		return "", err
	}
	return fmt.Sprintf("%d.%d", s.nth, n), nil
}

func (s *states) connect(ctx context.Context) (err error) {
	s.nth++
	if s.db, err = s.open(); err != nil {
		return err
	}
	if s.conn, err = s.db.Conn(ctx); err == nil {
		s.stmt, err = s.conn.PrepareContext(ctx, "PRAGMA data_version")
	}
	if err != nil {
		s.disconnect()
	}
	return err
}

// disconnect gives up the connection, if there is one.
func (s *states) disconnect() {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
	s.db, s.conn, s.stmt = nil, nil, nil
}

func (s *states) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disconnect()
	s.open = func() (*sql.DB, error) { return nil, ErrClosed }
}

// State implements DB.
func (d *sqliteDB) State(ctx context.Context) (string, error) {
	if d.closed.Load() {
		return "", ErrClosed
	}
	d.writer.stats.queries.Add(1)
	state, err := d.states.now(ctx)
	if err != nil {
		return "", fmt.Errorf("ask for the state of %s: %w", d.path, err)
	}
	return state, nil
}
