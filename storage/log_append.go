package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"orrery/activitylog"
)

// AppendExchange implements activitylog.Appender. Bytes of the bodies are kept with it; their SHA256 is computed here.
func (s *Store) AppendExchange(ctx context.Context, x activitylog.Exchange, facts []activitylog.Fact, answer *activitylog.Answer, state activitylog.State) error {
	err := s.atomic(ctx, func(s *Store) error {
		audience, err := json.Marshal([2][]string{x.Activity.To, x.Activity.Cc})
		if err != nil {
			return fmt.Errorf("encode the audience: %w", err)
		}
		first, err := s.nextPositions(ctx, 1+len(facts)) // before the bodies: who waits for one that another keeps has them
		if err != nil {
			return err
		}
		if err := s.keepContent(ctx, &x.Body); err != nil {
			return err
		}
		var done activitylog.Answer
		if answer != nil {
			done = *answer
			if err := s.keepContent(ctx, &done.Body); err != nil {
				return err
			}
		}
		if err := s.insertFacts(ctx, x.ID, first, facts); err != nil {
			return err
		}
		pos := first + int64(len(facts)) // the newest that touches the entry
		const q = `
			INSERT INTO exchanges (id, pos, peer, direction, kind, method, url, header, body_sha256, body_size,
				body_truncated, at, attempt, cause, root, pair, made_by_rule, signer, activity_id, activity_type, actor,
				object, object_type, in_reply_to, audience, excerpt, haystack, carrier, author, outcome, decided_by_rule,
				badges, answered, answer_status, answer_header, answer_sha256, answer_size, answer_truncated, answer_error,
				answer_took)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
				$23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)`
		a := x.Activity
		_, err = s.exec(ctx, q, int64(x.ID), pos, x.Peer, string(x.Direction), x.Kind, x.Method, x.URL,
			encodeHeader(x.Header), x.Body.SHA256, int64(x.Body.Size), x.Body.Truncated, micros(x.At), int64(x.Attempt),
			int64(x.Cause), int64(x.Root), x.Pair, string(x.Rule), x.Carrier, a.ID, a.Type, a.Actor, a.Object,
			a.ObjectType, a.InReplyTo, string(audience), a.Excerpt, haystack(x), state.Carrier, state.Author,
			string(state.Outcome), string(state.Rule), encodeBadges(state.Badges),
			answer != nil, int64(done.Status), encodeHeader(done.Header), done.Body.SHA256, int64(done.Body.Size),
			done.Body.Truncated, done.Err, done.Took.Microseconds())
		return err
	})
	return wrap(err, "append exchange %d", x.ID)
}

// AppendAnswer implements activitylog.Appender. An answer is written once: a second one, like one to an exchange that is
// not there, is ErrNoEntry.
func (s *Store) AppendAnswer(ctx context.Context, id activitylog.ID, a activitylog.Answer, state activitylog.State) error {
	err := s.atomic(ctx, func(s *Store) error {
		pos, err := s.nextPositions(ctx, 1)
		if err != nil {
			return err
		}
		if err := s.keepContent(ctx, &a.Body); err != nil {
			return err
		}
		const q = `
			UPDATE exchanges
			SET pos = $2, answered = TRUE, answer_status = $3, answer_header = $4, answer_sha256 = $5, answer_size = $6,
				answer_truncated = $7, answer_error = $8, answer_took = $9,
				carrier = CASE WHEN $10 = '' THEN carrier ELSE $10 END,
				author = CASE WHEN $11 = '' THEN author ELSE $11 END,
				outcome = CASE WHEN $12 = '' THEN outcome ELSE $12 END,
				decided_by_rule = CASE WHEN $13 = '' THEN decided_by_rule ELSE $13 END,
				badges = CASE WHEN $14 = '' THEN badges ELSE $14 END
			WHERE id = $1 AND NOT answered`
		n, err := s.exec(ctx, q, int64(id), pos, int64(a.Status), encodeHeader(a.Header), a.Body.SHA256,
			int64(a.Body.Size), a.Body.Truncated, a.Err, a.Took.Microseconds(), state.Carrier, state.Author,
			string(state.Outcome), string(state.Rule), encodeBadges(state.Badges))
		if err == nil && n == 0 {
			err = activitylog.ErrNoEntry
		}
		return err
	})
	return wrap(err, "append answer to exchange %d", id)
}

// AppendFacts implements activitylog.Appender.
func (s *Store) AppendFacts(ctx context.Context, id activitylog.ID, facts []activitylog.Fact, state activitylog.State) error {
	if id == 0 && len(facts) == 0 {
		return nil
	}
	err := s.atomic(ctx, func(s *Store) error {
		n := max(len(facts), 1) // a change of state alone takes a position too
		first, err := s.nextPositions(ctx, n)
		if err != nil {
			return err
		}
		if err := s.insertFacts(ctx, id, first, facts); err != nil || id == 0 {
			return err
		}
		const q = `
			UPDATE exchanges
			SET pos = $2,
				carrier = CASE WHEN $3 = '' THEN carrier ELSE $3 END,
				author = CASE WHEN $4 = '' THEN author ELSE $4 END,
				outcome = CASE WHEN $5 = '' THEN outcome ELSE $5 END,
				decided_by_rule = CASE WHEN $6 = '' THEN decided_by_rule ELSE $6 END,
				badges = CASE WHEN $7 = '' THEN badges ELSE $7 END
			WHERE id = $1`
		changed, err := s.exec(ctx, q, int64(id), first+int64(n)-1, state.Carrier, state.Author, string(state.Outcome),
			string(state.Rule), encodeBadges(state.Badges))
		if err == nil && changed == 0 {
			err = activitylog.ErrNoEntry
		}
		return err
	})
	return wrap(err, "append %d facts about exchange %d", len(facts), id)
}

func (s *Store) insertFacts(ctx context.Context, id activitylog.ID, pos int64, facts []activitylog.Fact) error {
	for len(facts) > 0 {
		part := facts[:min(len(facts), chunk)]
		facts = facts[len(part):]
		args := make([]any, 0, 9*len(part))
		for _, f := range part {
			args = append(args, pos, int64(id), int64(f.Cause), int64(f.Root), micros(f.At), f.Kind, string(f.Rule),
				f.Object, string(f.Detail))
			pos++
		}
		if _, err := s.exec(ctx, `
			INSERT INTO facts (pos, exchange_id, cause, root, at, kind, rule, object, detail)
			VALUES `+values(len(part), 9), args...); err != nil {
			return err
		}
	}
	return nil
}

// keepContent keeps the bytes of c, if it has any, and fills in their SHA-256.
func (s *Store) keepContent(ctx context.Context, c *activitylog.Content) error {
	if len(c.Bytes) == 0 {
		return nil
	}
	sha, err := s.PutBody(ctx, c.Bytes)
	c.SHA256 = sha
	return err
}

// haystack is what Filter.Query looks into, in lower case made by Go: the engines' lower() differ beyond ASCII.
func haystack(x activitylog.Exchange) string {
	a := x.Activity
	return strings.ToLower(strings.Join([]string{x.URL, a.ID, a.Actor, a.Object, a.Excerpt}, "\n"))
}

// encodeHeader keeps header lines byte for byte: "Name:value", one a line. A value cannot hold a line break on the wire.
func encodeHeader(fields []activitylog.Field) []byte {
	out := []byte{}
	for _, f := range fields {
		out = append(out, strings.ReplaceAll(f.Name, "\n", " ")...)
		out = append(out, ':')
		out = append(out, strings.ReplaceAll(f.Value, "\n", " ")...)
		out = append(out, '\n')
	}
	return out
}

func decodeHeader(b []byte) []activitylog.Field {
	var fields []activitylog.Field
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		fields = append(fields, activitylog.Field{Name: name, Value: value})
	}
	return fields
}

// Badges are single words.
func encodeBadges(badges []string) string { return strings.Join(badges, " ") }
