package lab_test

import (
	"context"
	"testing"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/rules"
	"orrery/lab"
)

// TestStory_namesItsRules plays the article's first story and some of what people do then, and looks for the rules that a
// reader of the log must meet on the way.
func TestStory_namesItsRules(t *testing.T) {
	ctx := context.Background()
	l := newLab(t)
	settle := func() {
		t.Helper()
		l.Tick()
		if err := l.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	local := func(name, uri string) string {
		t.Helper()
		found, err := as(t, l, name).Search(ctx, uri, false)
		if err != nil || len(found.Statuses) != 1 {
			t.Fatalf("%s looks for %s: %d found, %v", name, uri, len(found.Statuses), err)
		}
		return found.Statuses[0].ID
	}
	hello, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
	if err != nil {
		t.Fatal(err)
	}
	settle()
	r1, err := as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "@alice@academy Hello alice", InReplyToID: local("berta", hello.URI)})
	if err != nil {
		t.Fatal(err)
	}
	settle()
	if _, err := as(t, l, "canon").Favourite(ctx, local("canon", hello.URI)); err != nil {
		t.Fatal(err)
	}
	r2, err := as(t, l, "canon").Post(ctx, clientapi.NewStatus{Status: "Hello berta", InReplyToID: local("canon", r1.URI)})
	if err != nil {
		t.Fatal(err)
	}
	settle()
	if _, err := as(t, l, "canon").Post(ctx, clientapi.NewStatus{Status: "@alice@academy Hi", InReplyToID: r2.ID}); err != nil {
		t.Fatal(err)
	}
	settle()
	if err := l.Unfollow(ctx, lab.Edge{Follower: "canon", Followed: "alice"}); err != nil {
		t.Fatal(err)
	}
	settle()
	if _, err := as(t, l, "alice").Delete(ctx, hello.ID); err != nil {
		t.Fatal(err)
	}
	settle()

	met := named(t, l)
	for _, rule := range []rules.ID{
		rules.LearnLocal, rules.LearnDelivered, rules.LearnForwarded, rules.LearnGapFilled, rules.AcceptFetched, rules.SigOK, rules.LDSOK,
		rules.FetchKey, rules.FetchActor, rules.FetchActorAgain, rules.FetchWebFinger, rules.FetchCounts, rules.FetchMissingAncestor,
		rules.DeliverInteracted, rules.ForwardParentFollowers, rules.AcceptByAuthor,
	} {
		if !met[rule] {
			t.Errorf("nothing in the log names %s", rule)
		}
	}
}

// named are the rules of all facts and all requests in the lab's log.
func named(t *testing.T, l *lab.Lab) map[rules.ID]bool {
	t.Helper()
	ctx, met := context.Background(), map[rules.ID]bool{}
	for _, h := range l.Hosts {
		facts, err := h.Instance.Source().FactsSince(ctx, 0, nil, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			met[f.Rule] = true
		}
	}
	before := activitylog.ID(0)
	for {
		page, err := l.Log.Entries(ctx, activitylog.Filter{Limit: activitylog.MaxLimit, Before: before})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			met[e.Exchange.Rule], before = true, e.Exchange.ID
		}
		if len(page) < activitylog.MaxLimit {
			return met
		}
	}
}
