package storage

import (
	"context"
	"fmt"
)

// Positions are total over all instances that share a Sequencer, and become visible in order: whoever takes the first one
// of a transaction keeps everybody else from taking any until that transaction has ended (contracts.md 12).
//
// The hold belongs to the real transaction. On SQLite several functions may stand in one, so it is found by sqldb's
// number of the real transaction: the second function must not wait for the first, which ends only together with it.

// nextPositions takes n positions in a row and returns the first.
func (s *Store) nextPositions(ctx context.Context, n int) (int64, error) {
	if s.sequencer == nil {
		return s.nextOfRow(ctx, int64(n))
	}
	next := s.hold()
	first := next()
	for range n - 1 {
		next()
	}
	return first, nil
}

// nextOfRow takes n positions from those in hand, or from the counter row, there as many as the transaction takes at once.
func (s *Store) nextOfRow(ctx context.Context, n int64) (int64, error) {
	if s.upTo-s.next+1 < n || s.next == 0 {
		take := max(n, s.ahead)
		const q = `
			UPDATE log_position
			SET last = last + $1
			WHERE id = 1
			RETURNING last`
		if err := s.row(ctx, q, take).Scan(&s.upTo); err != nil {
			return 0, fmt.Errorf("take %d log positions: %w", take, err)
		}
		s.next = s.upTo - take + 1
	}
	s.next += n
	return s.next - n, nil
}

// hold returns the real transaction's source of positions, waiting for it when the transaction has none yet.
func (s *Store) hold() (next func() int64) {
	id := s.tx.Real()
	s.mu.Lock()
	next, held := s.holds[id]
	s.mu.Unlock()
	if held {
		return next
	}
	next, release := s.sequencer.Hold()
	s.mu.Lock()
	s.holds[id] = next
	s.mu.Unlock()
	s.tx.AfterEnd(func(bool) {
		s.mu.Lock()
		delete(s.holds, id)
		s.mu.Unlock()
		release()
	})
	return next
}

// holdsEarly reports whether transactions must take the sequencer before anything else. With a sequencer of this process
// over PostgreSQL, one transaction could wait for the sequencer with a row locked that the holder wants: neither side can
// see that deadlock. SQLite has one writer, and the counter row is a lock that PostgreSQL itself watches.
func (s *Store) holdsEarly() bool { return s.sequencer != nil && s.Dialect() == "postgres" }

// catchUpPositions raises the counter row over positions that a sequencer handed out in an earlier life of the database.
func (s *Store) catchUpPositions(ctx context.Context) error {
	if s.sequencer != nil {
		return nil
	}
	last, err := s.LastPosition(ctx)
	if err != nil {
		return err
	}
	const q = `
		UPDATE log_position
		SET last = $1
		WHERE id = 1 AND last < $1`
	if _, err := s.exec(ctx, q, last); err != nil {
		return fmt.Errorf("raise the log position to %d: %w", last, err)
	}
	return nil
}

// LastPosition is the highest position that is visible, 0 in an empty log.
func (s *Store) LastPosition(ctx context.Context) (int64, error) {
	var exchange, fact int64
	const q = `
		SELECT COALESCE((SELECT MAX(pos) FROM exchanges), 0), COALESCE((SELECT MAX(pos) FROM facts), 0)`
	if err := s.row(ctx, q).Scan(&exchange, &fact); err != nil {
		return 0, fmt.Errorf("read the last log position: %w", err)
	}
	return max(exchange, fact), nil
}
