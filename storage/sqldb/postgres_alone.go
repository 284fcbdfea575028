package sqldb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"orrery/internal/clock"
)

// aloneKey is the advisory lock of a process that keeps a database to itself: the letters of "orrery".
const aloneKey int64 = 0x6f7272657279

// The server may need a moment to notice that a process which was killed has gone.
const (
	aloneTries = 50
	alonePause = 100 * time.Millisecond
)

// keepAlone takes the database for this process, for as long as the connection it returns is open.
func keepAlone(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	conn := pooled.Hijack()
	for range aloneTries {
		var got bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, aloneKey).Scan(&got); err != nil {
			_ = conn.Close(context.WithoutCancel(ctx))
			return nil, fmt.Errorf("take the database: %w", err)
		}
		if got {
			return conn, nil
		}
		select {
		case <-ctx.Done():
		case <-clock.Real{}.At(clock.Real{}.Now().Add(alonePause)):
		}
	}
	_ = conn.Close(context.WithoutCancel(ctx))
	return nil, ErrInUse
}
