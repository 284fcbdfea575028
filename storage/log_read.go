package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"orrery/activitylog"
	"orrery/storage/sqldb"
)

// entryColumns are those of scanEntry, of a table called x.
const entryColumns = `x.id, x.pos, x.peer, x.direction, x.kind, x.method, x.url, x.header, x.body_sha256, x.body_size,
	x.body_truncated, x.at, x.attempt, x.cause, x.root, x.pair, x.made_by_rule, x.signer, x.activity_id, x.activity_type,
	x.actor, x.object, x.object_type, x.in_reply_to, x.audience, x.excerpt, x.answered, x.answer_status, x.answer_header,
	x.answer_sha256, x.answer_size, x.answer_truncated, x.answer_error, x.answer_took, x.carrier, x.author, x.outcome,
	x.decided_by_rule, x.badges`

func (s *Store) scanEntry(r scanner) (activitylog.Entry, error) {
	var e activitylog.Entry
	x, a := &e.Exchange, &e.Exchange.Activity
	var answer activitylog.Answer
	var answered bool
	var header, answerHeader []byte
	var at, size, attempt, status, answerSize, took int64
	var audience, badges string
	err := r.Scan(&x.ID, &e.Pos, &x.Peer, &x.Direction, &x.Kind, &x.Method, &x.URL, &header, &x.Body.SHA256, &size,
		&x.Body.Truncated, &at, &attempt, &x.Cause, &x.Root, &x.Pair, &x.Rule, &x.Carrier, &a.ID, &a.Type,
		&a.Actor, &a.Object, &a.ObjectType, &a.InReplyTo, &audience, &a.Excerpt, &answered, &status, &answerHeader,
		&answer.Body.SHA256, &answerSize, &answer.Body.Truncated, &answer.Err, &took, &e.State.Carrier, &e.State.Author,
		&e.State.Outcome, &e.State.Rule, &badges)
	if err != nil {
		return e, err
	}
	var reach [2][]string
	if err := json.Unmarshal([]byte(audience), &reach); err != nil {
		return e, fmt.Errorf("audience of exchange %d: %w", x.ID, err)
	}
	x.Instance = s.instance
	x.Header, x.Body.Size, x.At, x.Attempt = decodeHeader(header), int(size), fromMicros(at), int(attempt)
	a.To, a.Cc = reach[0], reach[1]
	if badges != "" {
		e.State.Badges = strings.Fields(badges)
	}
	if answered {
		answer.Status, answer.Header, answer.Body.Size = int(status), decodeHeader(answerHeader), int(answerSize)
		answer.Took = time.Duration(took) * time.Microsecond
		e.Answer = &answer
	}
	return e, nil
}

// Entries implements activitylog.Source with two queries: the exchanges, and the facts of all of them.
//
// With After alone it is the page just above that id, as min_id in Mastodon's lists; either way newest first.
func (s *Store) Entries(ctx context.Context, f activitylog.Filter) ([]activitylog.Entry, error) {
	if f.Server != "" && f.Server != s.instance {
		return nil, nil
	}
	var args []any
	query, upwards := entriesQuery(&args, f)
	entries, err := list(ctx, s, s.scanEntry, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list log entries: %w", err)
	}
	if upwards {
		slices.Reverse(entries)
	}
	return entries, s.addFacts(ctx, entries)
}

// addFacts fills in the facts of entries.
func (s *Store) addFacts(ctx context.Context, entries []activitylog.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	index := make(map[activitylog.ID]*activitylog.Entry, len(entries))
	ids := make([]activitylog.ID, len(entries))
	for i := range entries {
		ids[i] = entries[i].Exchange.ID
		index[ids[i]] = &entries[i]
	}
	var args []any
	facts, err := list(ctx, s, scanFact, `
		SELECT `+factColumns+`
		FROM facts f
		WHERE f.exchange_id IN (`+inIDs(&args, ids)+`) AND f.exchange_id <> 0
		ORDER BY f.pos`, args...)
	for _, f := range facts {
		e := index[f.Exchange]
		e.Facts = append(e.Facts, f)
	}
	return wrap(err, "facts of %d log entries", len(entries))
}

// Entry implements activitylog.Source, with bodies.
func (s *Store) Entry(ctx context.Context, id activitylog.ID) (activitylog.Entry, error) {
	const q = `
		SELECT ` + entryColumns + `
		FROM exchanges x
		WHERE x.id = $1`
	e, err := s.entry(ctx, q, int64(id))
	return e, wrap(err, "log entry %d", id)
}

// EntryByPair implements activitylog.Source, with bodies.
func (s *Store) EntryByPair(ctx context.Context, pair string, d activitylog.Direction) (activitylog.Entry, error) {
	const q = `
		SELECT ` + entryColumns + `
		FROM exchanges x
		WHERE x.pair = $1 AND x.pair <> '' AND x.direction = $2
		ORDER BY x.id
		LIMIT 1`
	e, err := s.entry(ctx, q, pair, string(d))
	return e, wrap(err, "log entry of pair %s, %s", pair, d)
}

func (s *Store) entry(ctx context.Context, query string, args ...any) (activitylog.Entry, error) {
	e, err := s.scanEntry(s.row(ctx, query, args...))
	if errors.Is(err, sqldb.ErrNoRows) {
		return e, activitylog.ErrNoEntry
	}
	if err != nil {
		return e, err
	}
	one := []activitylog.Entry{e}
	if err := s.addFacts(ctx, one); err != nil {
		return e, err
	}
	e = one[0]
	shas := []string{e.Exchange.Body.SHA256}
	if e.Answer != nil {
		shas = append(shas, e.Answer.Body.SHA256)
	}
	bodies, err := s.bodies(ctx, shas...)
	e.Exchange.Body.Bytes = bodies[e.Exchange.Body.SHA256]
	if e.Answer != nil {
		e.Answer.Body.Bytes = bodies[e.Answer.Body.SHA256]
	}
	return e, err
}
