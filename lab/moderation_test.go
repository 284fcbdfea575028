package lab_test

import (
	"context"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

// town is a lab of academy (alice), techhub (berta) and masto (canon): berta and canon follow alice, alice follows berta.
type town struct {
	*lab.Lab
	t *testing.T
}

// eachTown runs story under both versions.
func eachTown(t *testing.T, story func(t *testing.T, l town)) {
	t.Parallel()
	for _, p := range []policy.Policy{policy.Mastodon41(), policy.Mastodon()} {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			plan := lab.Plan{
				Servers: []lab.Server{{Name: "academy", Policy: p}, {Name: "techhub", Policy: p}, {Name: "masto", Policy: p}},
				People: []lab.Person{
					{Name: "alice", Server: "academy"}, {Name: "berta", Server: "techhub"}, {Name: "canon", Server: "masto"},
				},
				Follows: []lab.Edge{{Follower: "berta", Followed: "alice"}, {Follower: "canon", Followed: "alice"}, {Follower: "alice", Followed: "berta"}},
			}
			l, err := lab.NewMemory(context.Background(), plan, lab.Memory{
				Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: quietLog(),
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			story(t, town{l, t})
		})
	}
}

func (l town) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l town) settle() {
	l.t.Helper()
	l.Tick()
	l.must(l.Settle(l.t.Context()))
}

// on is somebody as the server named host knows them.
func (l town) on(host, name string) social.Account {
	l.t.Helper()
	a, home, err := l.Account(l.t.Context(), name)
	l.must(err)
	if home.Name == host {
		return a
	}
	a, err = l.of(host).Store.AccountByURI(l.t.Context(), a.URI)
	l.must(err)
	return a
}

func (l town) of(host string) social.Services { return l.Host(host).Instance.Services }

// stands is how one person stands to another, on the server of the first.
func (l town) stands(who, whom string) social.Relationship {
	l.t.Helper()
	a, home, err := l.Account(l.t.Context(), who)
	l.must(err)
	rs, err := l.of(home.Name).Reader.Relationships(l.t.Context(), a.ID, []social.ID{l.on(home.Name, whom).ID})
	l.must(err)
	return rs[0]
}

// home is how many posts somebody's home shows.
func (l town) home(name string) int {
	l.t.Helper()
	got, err := as(l.t, l.Lab, name).Home(l.t.Context(), clientapi.Cursor{})
	l.must(err)
	return len(got)
}

func (l town) post(name, text string) {
	l.t.Helper()
	_, err := as(l.t, l.Lab, name).Post(l.t.Context(), clientapi.NewStatus{Status: text})
	l.must(err)
	l.settle()
}

// took says how often a server was handed an activity of a type, and answered with success.
func (l town) took(host, kind string) int {
	l.t.Helper()
	es, err := l.Host(host).Instance.Source().Entries(l.t.Context(), activitylog.Filter{
		Type: kind, Directions: []activitylog.Direction{activitylog.In}, Limit: activitylog.MaxLimit,
	})
	l.must(err)
	return len(es)
}

func (l town) names(rule rules.ID) {
	l.t.Helper()
	if !named(l.t, l.Lab)[rule] {
		l.t.Errorf("nothing in the log names %s", rule)
	}
}

// A server is suspended: what it wrote goes, its follows go, nothing passes; when that is lifted, people can begin anew.
func TestStory_aServerIsSuspendedAndComesBack(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		l.post("berta", "Hello alice")
		if l.home("alice") != 1 {
			t.Fatal("alice does not see berta's post")
		}
		m := l.of("academy").Moderation
		b, err := m.BlockDomain(t.Context(), social.InstanceActorID, social.DomainBlock{Domain: "techhub.test", Severity: social.SeveritySuspend})
		l.must(err)
		l.settle()
		if n := l.home("alice"); n != 0 {
			t.Errorf("alice still sees %d posts", n)
		}
		if got := l.stands("alice", "berta"); got.Following || got.FollowedBy {
			t.Errorf("alice still stands to berta as %+v", got)
		}
		if got := l.stands("berta", "alice"); got.Following || got.FollowedBy {
			t.Errorf("berta was not told that the follows ended: %+v", got)
		}
		l.post("alice", "Is berta there?")
		if n := l.home("berta"); n != 1 {
			t.Errorf("berta sees %d posts, want her own and none of alice's", n)
		}
		if n := l.home("canon"); n != 1 {
			t.Errorf("canon sees %d posts, want alice's: masto has nothing to do with it", n)
		}
		l.must(l.Follow(t.Context(), lab.Edge{Follower: "berta", Followed: "alice"}))
		l.settle()
		l.names(rules.OriginDomainRefused)
		if l.stands("alice", "berta").FollowedBy {
			t.Error("berta's follow came through")
		}

		_, err = m.UnblockDomain(t.Context(), social.InstanceActorID, b.ID)
		l.must(err)
		l.settle()
		if l.on("academy", "berta").Suspended() {
			t.Error("berta is still suspended after the block was lifted")
		}
		l.must(l.Unfollow(t.Context(), lab.Edge{Follower: "berta", Followed: "alice"}))
		l.settle()
		l.must(l.Follow(t.Context(), lab.Edge{Follower: "berta", Followed: "alice"}))
		l.settle()
		if !l.stands("alice", "berta").FollowedBy {
			t.Error("berta cannot follow alice again")
		}
	})
}

// Somebody leaves: their followers' servers and every other that may know them hear of it, and forget them.
func TestStory_somebodyLeaves(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		l.post("alice", "Hello world")
		l.post("berta", "@canon@masto.test do you know alice?") // masto learns of berta, whom nobody there follows
		berta := l.on("masto", "berta")
		a, _, err := l.Account(t.Context(), "berta")
		l.must(err)
		l.must(l.of("techhub").Moderation.Leave(t.Context(), a.ID))
		l.settle()
		l.must(l.Advance(t.Context(), time.Hour))
		for _, host := range []string{"academy", "masto"} {
			if l.took(host, "Delete") == 0 {
				t.Errorf("%s was not told", host)
			}
		}
		if _, err := l.of("masto").Store.AccountByURI(t.Context(), berta.URI); err == nil {
			t.Error("masto still knows berta")
		}
		if _, err := l.of("academy").Store.AccountByURI(t.Context(), berta.URI); err == nil {
			t.Error("academy still knows berta")
		}
		l.names(rules.AcceptDeparture)
		l.names(rules.DeliverEverybody)
	})
}

// Somebody moves, and who followed follows the new account.
func TestStory_somebodyMoves(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		ctx := t.Context()
		old, _, err := l.Account(ctx, "alice")
		l.must(err)
		next, _, err := l.Account(ctx, "canon")
		l.must(err)
		_, err = l.of("masto").Moves.Aliases(ctx, next.ID, []string{old.URI})
		l.must(err)
		l.settle()
		_, err = l.of("academy").Moves.Begin(ctx, old.ID, "@canon@masto.test")
		l.must(err)
		l.settle()
		l.names(rules.AcceptMove)
		if got := l.stands("berta", "canon"); !got.Following {
			t.Errorf("berta, who followed alice, stands to canon as %+v, want that she follows", got)
		}
		if l.stands("berta", "alice").Following {
			t.Error("berta still follows the old account")
		}
		if moved := l.on("techhub", "alice").MovedToID; moved != l.on("techhub", "canon").ID {
			t.Errorf("techhub shows alice as moved to %d", moved)
		}
		l.post("canon", "Here I am")
		if l.home("berta") != 1 {
			t.Error("berta does not see what the new account writes")
		}
	})
}

// A report is passed on to the server of whom it is about, which does not learn who complained.
func TestStory_aReportIsForwarded(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		ctx := t.Context()
		l.post("berta", "Something rude")
		home, err := as(t, l.Lab, "alice").Home(ctx, clientapi.Cursor{})
		l.must(err)
		id, _ := social.ParseID(home[0].ID)
		alice, _, err := l.Account(ctx, "alice")
		l.must(err)
		_, err = l.of("academy").Moderation.Report(ctx, alice.ID, social.Complaint{
			TargetID: l.on("academy", "berta").ID, StatusIDs: []social.ID{id}, Comment: "This is rude", Forward: true,
		})
		l.must(err)
		l.settle()
		got, err := l.of("techhub").Store.Reports(ctx, social.ReportFilter{}, social.Page{Limit: 5})
		l.must(err)
		berta, _, err := l.Account(ctx, "berta")
		l.must(err)
		if len(got) != 1 || got[0].TargetID != berta.ID || got[0].Comment != "This is rude" || len(got[0].StatusIDs) != 1 {
			t.Fatalf("techhub has %+v, want one report about berta and her post", got)
		}
		if by, err := l.of("techhub").Store.AccountByID(ctx, got[0].AccountID); err != nil || by.Username == "alice" {
			t.Errorf("techhub knows that %s complained (%v)", by.Acct(), err)
		}
		l.names(rules.DeliverReported)
		l.names(rules.AcceptReport)
	})
}

// A block ends follows on both servers, and a follow that comes later is refused.
func TestStory_aBlockAcrossServers(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		ctx := t.Context()
		alice, _, err := l.Account(ctx, "alice")
		l.must(err)
		_, err = l.of("academy").Blocks.Block(ctx, alice.ID, l.on("academy", "berta").ID)
		l.must(err)
		l.settle()
		if got := l.stands("berta", "alice"); got.Following || got.FollowedBy || !got.BlockedBy {
			t.Errorf("berta stands to alice as %+v, want that she is blocked and no follow is left", got)
		}
		if got := l.stands("alice", "berta"); got.Following || got.FollowedBy || !got.Blocking {
			t.Errorf("alice stands to berta as %+v", got)
		}
		l.post("alice", "Berta does not read this")
		if n := l.home("berta"); n != 0 {
			t.Errorf("berta's home shows %d posts", n)
		}
	})
}

// A server that does not know of a block yet asks to follow, and is told no.
func TestStory_aFollowIsRefusedAfterABlock(t *testing.T) {
	eachTown(t, func(t *testing.T, l town) {
		ctx := t.Context()
		alice, _, err := l.Account(ctx, "alice")
		l.must(err)
		_, err = l.of("academy").Blocks.Block(ctx, alice.ID, l.on("academy", "berta").ID)
		l.must(err)
		l.settle()
		berta, _, err := l.Account(ctx, "berta")
		l.must(err)
		// techhub forgets, as a server does that lost its last days.
		l.must(l.of("techhub").Store.DeleteBlock(ctx, l.on("techhub", "alice").ID, berta.ID))
		l.must(l.Follow(ctx, lab.Edge{Follower: "berta", Followed: "alice"}))
		l.settle()
		if got := l.stands("berta", "alice"); got.Following || got.Requested {
			t.Errorf("berta stands to alice as %+v, want that the follow was refused", got)
		}
		if l.stands("alice", "berta").FollowedBy {
			t.Error("berta follows alice, who blocks her")
		}
		l.names(rules.RejectFollowBlocked)
	})
}
