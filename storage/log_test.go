package storage

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/social"
)

type xid = observe.ExchangeID

// exchange is an incoming Create(Note) by berta; change may say otherwise.
func exchange(id xid, change ...func(*activitylog.Exchange)) activitylog.Exchange {
	x := activitylog.Exchange{
		ID: id, Instance: "academy", Peer: "techhub.test", Direction: activitylog.In, Kind: activitylog.Delivery,
		Method: "POST", URL: "https://academy.test/inbox", At: noon.Add(time.Duration(id) * time.Microsecond), Attempt: 1,
		Activity: activitylog.Summary{ID: "https://techhub.test/a/1", Type: "Create", Actor: "https://techhub.test/users/berta",
			Object: "https://techhub.test/n/1", ObjectType: "Note"},
	}
	for _, c := range change {
		c(&x)
	}
	return x
}

func entryIDs(entries []activitylog.Entry, err error) func(t testing.TB) []xid {
	return func(t testing.TB) (out []xid) {
		t.Helper()
		ok(t, err)
		for _, e := range entries {
			out = append(out, e.Exchange.ID)
		}
		return out
	}
}

func TestEntryWrittenAtOnceIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		state := activitylog.State{Carrier: "c", Author: "a", Outcome: observe.Accepted, Rule: "accept.mention", Badges: []string{"retry"}}
		fact := activitylog.Fact{Exchange: 7, Cause: 7, Root: 7, At: noon, Kind: "decided", Rule: "accept.mention", Object: "https://techhub.test/n/1"}
		answer := activitylog.Answer{Status: 202, Header: []activitylog.Field{{Name: "Date", Value: "now"}}, Took: time.Millisecond,
			Body: activitylog.Content{Bytes: []byte("{}"), Size: 2}}
		x := exchange(7)
		ok(t, s.AppendExchange(ctx, x, []activitylog.Fact{fact}, &answer, state))

		fact.Pos, answer.Body.SHA256 = 1, must(s.PutBody(ctx, []byte("{}")))(t)
		got := must(s.Entry(ctx, 7))(t)
		x.Body.SHA256 = got.Exchange.Body.SHA256 // computed while writing
		same(t, "entry", got, activitylog.Entry{Pos: 2, Exchange: x, Answer: &answer, State: state, Facts: []activitylog.Fact{fact}})
		fails(t, s.AppendAnswer(ctx, 7, answer, state), activitylog.ErrNoEntry)
	})
}

func TestEntryIsFoldedFromItsParts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		x := exchange(7, func(x *activitylog.Exchange) {
			x.Cause, x.Root, x.Pair, x.Rule, x.Carrier = 5, 4, "p1", "deliver.follower", "https://techhub.test/users/carl"
			x.Header = []activitylog.Field{{Name: "Host", Value: "academy.test"}, {Name: "X-Odd", Value: " \xe9: x "}, {Name: "host", Value: ""}}
			x.Body = activitylog.Content{Bytes: []byte("{\x00\xff}"), Size: 900, Truncated: true}
			x.Activity.To, x.Activity.Cc = []string{"as:Public"}, nil
			x.Activity.InReplyTo, x.Activity.Excerpt = "https://academy.test/s/1", "Hé"
		})
		ok(t, s.AppendExchange(ctx, x, nil, nil, activitylog.State{Outcome: observe.Pending}))
		fact := activitylog.Fact{Exchange: 7, Cause: 7, Root: 4, At: noon, Kind: "decided", Rule: "accept.mention",
			Object: "https://techhub.test/n/1", Detail: json.RawMessage(`{"n":1}`)}
		second := fact
		second.Kind, second.Object, second.Detail = "verified", "", nil
		state := activitylog.State{Carrier: "c", Author: "a", Outcome: observe.Accepted, Rule: "accept.mention", Badges: []string{"forwarded", "retry"}}
		ok(t, s.AppendFacts(ctx, 7, []activitylog.Fact{fact, second}, state))
		answer := activitylog.Answer{Status: 202, Header: []activitylog.Field{{Name: "Date", Value: "now"}}, Err: "", Took: 1500 * time.Microsecond,
			Body: activitylog.Content{Bytes: []byte("{\x00\xff}"), Size: 4}}
		ok(t, s.AppendAnswer(ctx, 7, answer, state))
		fails(t, s.AppendAnswer(ctx, 7, answer, state), activitylog.ErrNoEntry)

		sha := must(s.PutBody(ctx, []byte("{\x00\xff}")))(t)
		x.Body.SHA256, answer.Body.SHA256 = sha, sha
		fact.Pos, second.Pos = 2, 3
		want := activitylog.Entry{Pos: 4, Exchange: x, Answer: &answer, State: state, Facts: []activitylog.Fact{fact, second}}
		same(t, "entry", must(s.Entry(ctx, 7))(t), want)
		same(t, "by pair", must(s.EntryByPair(ctx, "p1", activitylog.In))(t), want)
		want.Exchange.Body.Bytes = nil
		short := answer
		short.Body.Bytes = nil
		want.Answer = &short
		same(t, "listed without bodies", must(s.Entries(ctx, activitylog.Filter{}))(t), []activitylog.Entry{want})
		same(t, "about", must(s.FactsAbout(ctx, fact.Object))(t), []activitylog.Fact{fact})

		for _, err := range []error{
			second2(s.Entry(ctx, 8)), second2(s.EntryByPair(ctx, "p1", activitylog.Out)), second2(s.EntryByPair(ctx, "", activitylog.In)),
			s.AppendAnswer(ctx, 8, answer, state), s.AppendFacts(ctx, 8, []activitylog.Fact{fact}, state),
		} {
			fails(t, err, activitylog.ErrNoEntry)
		}
	})
}

func second2[T any](_ T, err error) error { return err }

func TestBodiesAreKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		body := bytes.Repeat([]byte{0, 255, 'x'}, 1000)
		shas := make([]string, 8)
		together(t, 8, func(i int) (err error) {
			shas[i], err = s.PutBody(ctx, body)
			return err
		}, nil)
		for _, sha := range shas {
			same(t, "hash", sha, shas[0])
		}
		var n int64
		ok(t, s.row(ctx, `SELECT COUNT(*) FROM bodies`).Scan(&n))
		same(t, "rows", n, int64(1))
		same(t, "bytes", must(s.Body(ctx, shas[0]))(t), body)
		_, err := s.Body(ctx, "none")
		fails(t, err, social.ErrNotFound)
		empty := must(s.PutBody(ctx, nil))(t)
		same(t, "empty", len(must(s.Body(ctx, empty))(t)), 0)
	})
}

func TestFactsWithoutExchange(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		fact := func(kind, object string) activitylog.Fact {
			return activitylog.Fact{At: noon, Kind: kind, Object: object, Detail: json.RawMessage(`{}`)}
		}
		many := make([]activitylog.Fact, 1100)
		for i := range many {
			many[i] = fact("queued", "")
		}
		ok(t, s.AppendFacts(ctx, 0, []activitylog.Fact{fact("follow.established", "u"), fact("learned", "u")}, activitylog.State{}))
		ok(t, s.AppendFacts(ctx, 0, many, activitylog.State{}))
		ok(t, s.AppendFacts(ctx, 0, nil, activitylog.State{}))
		same(t, "last", must(s.LastPosition(ctx))(t), int64(1102))
		same(t, "entries", len(must(s.Entries(ctx, activitylog.Filter{}))(t)), 0)
		kinds := func(fs []activitylog.Fact) (out []any) {
			for _, f := range fs {
				out = append(out, f.Pos, f.Kind)
			}
			return out
		}
		same(t, "all", kinds(must(s.FactsSince(ctx, 0, nil, 3))(t)), []any{int64(1), "follow.established", int64(2), "learned", int64(3), "queued"})
		same(t, "kinds", kinds(must(s.FactsSince(ctx, 0, []string{"learned", "x"}, 9))(t)), []any{int64(2), "learned"})
		same(t, "after", kinds(must(s.FactsSince(ctx, 1101, nil, 9))(t)), []any{int64(1102), "queued"})
		same(t, "about", kinds(must(s.FactsAbout(ctx, "u"))(t)), []any{int64(1), "follow.established", int64(2), "learned"})
		same(t, "about nothing", len(must(s.FactsAbout(ctx, ""))(t)), 0)
	})
}

func TestEntriesAreFiltered(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		numbered := social.Account{ID: 9, Username: "numbered", Domain: "far.test", URI: "https://far.test/ap/users/1"}
		ok(t, s.InsertAccount(ctx, numbered, ""))
		add := func(x activitylog.Exchange, st activitylog.State) {
			t.Helper()
			ok(t, s.AppendExchange(ctx, x, nil, nil, st))
		}
		add(exchange(1), activitylog.State{Outcome: observe.Accepted})
		add(exchange(2, func(x *activitylog.Exchange) {
			x.Direction, x.Peer, x.Root, x.Cause, x.URL = activitylog.Out, "far.test:8080", 1, 1, "https://far.test/100%/inbox"
			x.Activity.Type, x.Activity.Actor, x.Activity.Object, x.Activity.ObjectType = "Follow", "https://academy.test/users/Alice", numbered.URI, ""
		}), activitylog.State{Outcome: observe.Failed})
		add(exchange(3, func(x *activitylog.Exchange) {
			x.Kind, x.Root, x.Cause, x.Activity = activitylog.Fetch, 1, 2, activitylog.Summary{}
		}), activitylog.State{Carrier: "https://techhub.test/users/carl", Author: "https://techhub.test/users/malice", Outcome: observe.Accepted})
		add(exchange(4, func(x *activitylog.Exchange) {
			x.Direction, x.Activity.ObjectType, x.Activity.Excerpt = activitylog.Local, "Question", "Grüße_AUS Köln"
		}), activitylog.State{})

		for _, tt := range []struct {
			name string
			f    activitylog.Filter
			want []xid
		}{
			{"nothing", activitylog.Filter{}, []xid{4, 3, 2, 1}},
			{"limit", activitylog.Filter{Limit: 2}, []xid{4, 3}},
			{"this server", activitylog.Filter{Server: "academy", Limit: 1}, []xid{4}},
			{"another server", activitylog.Filter{Server: "techhub"}, nil},
			{"peer", activitylog.Filter{Peer: "far.test:8080"}, []xid{2}},
			{"kind", activitylog.Filter{Kind: activitylog.Fetch}, []xid{3}},
			{"outcome", activitylog.Filter{Outcome: "failed"}, []xid{2}},
			{"type", activitylog.Filter{Type: "Create"}, []xid{4, 1}},
			{"type and object type", activitylog.Filter{Type: "Create(Note)"}, []xid{1}},
			{"directions", activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out, activitylog.Local}}, []xid{4, 2}},
			{"once", activitylog.Filter{OnceFor: []string{"techhub.test"}}, []xid{4, 2}},
			{"actor", activitylog.Filter{Actor: "https://techhub.test/users/berta"}, []xid{4, 1}},
			{"actor by name", activitylog.Filter{Actor: "@alice"}, []xid{2}},
			{"actor by handle", activitylog.Filter{Actor: "@alice@academy.test"}, []xid{2}},
			{"actor by handle elsewhere", activitylog.Filter{Actor: "alice@techhub.test"}, nil},
			{"carrier", activitylog.Filter{Actor: "carl@techhub.test"}, []xid{3}},
			{"author", activitylog.Filter{Actor: "malice"}, []xid{3}},
			{"object", activitylog.Filter{Object: "https://techhub.test/n/1"}, []xid{4, 1}},
			{"object by name", activitylog.Filter{Object: "numbered"}, []xid{2}},
			{"object by handle", activitylog.Filter{Object: "numbered@far.test"}, []xid{2}},
			{"no wildcard in a name", activitylog.Filter{Actor: "ali%"}, nil},
			{"root", activitylog.Filter{Root: 1}, []xid{3, 2}},
			{"cause", activitylog.Filter{Cause: 2}, []xid{3}},
			{"query in URL", activitylog.Filter{Query: "100%/IN"}, []xid{2}},
			{"query escapes", activitylog.Filter{Query: "1_0%"}, nil},
			{"query in excerpt", activitylog.Filter{Query: "GRÜSSE"}, nil},
			{"query without case beyond ASCII", activitylog.Filter{Query: "GRÜßE_aus kÖ"}, []xid{4}},
			{"query in object", activitylog.Filter{Query: "test/N/1"}, []xid{4, 1}},
			{"before", activitylog.Filter{Before: 3}, []xid{2, 1}},
			{"after keeps the nearest", activitylog.Filter{After: 1, Limit: 2}, []xid{3, 2}},
			{"between", activitylog.Filter{After: 1, Before: 4, Limit: 1}, []xid{3}},
			{"since", activitylog.Filter{Since: 1}, []xid{2, 3, 4}},
			{"since with filter", activitylog.Filter{Since: 1, Outcome: "accepted"}, []xid{3}},
		} {
			same(t, tt.name, entryIDs(s.Entries(ctx, tt.f))(t), tt.want)
		}

		ok(t, s.AppendFacts(ctx, 2, nil, activitylog.State{Outcome: observe.Rejected}))
		same(t, "the oldest change first", entryIDs(s.Entries(ctx, activitylog.Filter{Since: 1}))(t), []xid{3, 4, 2})
		same(t, "state is replaced", entryIDs(s.Entries(ctx, activitylog.Filter{Outcome: "rejected"}))(t), []xid{2})
	})
}
