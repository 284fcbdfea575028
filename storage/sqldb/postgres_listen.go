package sqldb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"orrery/internal/clock"
)

// Listener is a DB whose processes can tell each other something by pg_notify.
type Listener interface {
	// Listen calls heard, one call at a time, with every payload that is notified on channel after it has returned, until
	// the DB is closed. When the connection breaks it makes another and calls lost: some payloads were missed then.
	Listen(ctx context.Context, channel string, heard func(payload string), lost func()) error
}

// listenPause is how long to wait before connecting again, in real time.
const listenPause = time.Second

// Listen implements Listener, by a connection of its own.
func (d *postgresDB) Listen(ctx context.Context, channel string, heard func(payload string), lost func()) error {
	conn, err := d.listenTo(ctx, channel)
	if err != nil {
		return err
	}
	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	d.listenMu.Lock()
	defer d.listenMu.Unlock()
	if d.closed.Load() {
		end()
		return conn.Close(alive)
	}
	d.endListening = append(d.endListening, end)
	d.listening.Go(func() {
		for alive.Err() == nil {
			n, err := conn.WaitForNotification(alive)
			if err == nil {
				heard(n.Payload)
				continue
			}
			_ = conn.Close(context.WithoutCancel(alive))
			if conn = d.listenAgain(alive, channel); conn == nil {
				return
			}
			lost()
		}
		_ = conn.Close(context.WithoutCancel(alive))
	})
	return nil
}

// listenAgain connects until it can; nil when ctx ends first.
func (d *postgresDB) listenAgain(ctx context.Context, channel string) *pgx.Conn {
	for ctx.Err() == nil {
		conn, err := d.listenTo(ctx, channel)
		if err == nil {
			return conn
		}
		d.log.WarnContext(ctx, "listen on PostgreSQL", "channel", channel, "err", err)
		select {
		case <-ctx.Done():
		case <-clock.Real{}.At(clock.Real{}.Now().Add(listenPause)):
		}
	}
	return nil
}

func (d *postgresDB) listenTo(ctx context.Context, channel string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("connect to listen: %w", err)
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		_ = conn.Close(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("listen on %s: %w", channel, err)
	}
	return conn, nil
}

// stopListening waits for the calls that are being made.
func (d *postgresDB) stopListening() {
	d.listenMu.Lock()
	for _, end := range d.endListening {
		end()
	}
	d.listenMu.Unlock()
	d.listening.Wait()
}
