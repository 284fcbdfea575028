package sqldb

import (
	"context"
	"fmt"
)

// State implements DB. A snapshot names every transaction that writes and has begun, and which of them run still: there is
// no commit that leaves it as it was.
func (d *postgresDB) State(ctx context.Context) (state string, err error) {
	if err := d.QueryRow(ctx, "SELECT CAST(pg_current_snapshot() AS TEXT)").Scan(&state); err != nil {
		return "", fmt.Errorf("ask for the state of the database: %w", err)
	}
	return state, nil
}
