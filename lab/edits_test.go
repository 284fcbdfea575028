package lab_test

import (
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/federation/rules"
)

// A reply is forwarded to the followers of whom it answers, and so is its edit: canon follows alice and not berta.
func TestAnEditIsForwarded(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l := newLab(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	hello, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
	must(err)
	must(l.Settle(ctx))
	home, err := as(t, l, "berta").Home(ctx, clientapi.Cursor{})
	must(err)
	reply, err := as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "Helo alice", InReplyToID: home[0].ID})
	must(err)
	must(l.Settle(ctx))
	says := func() string {
		t.Helper()
		found, err := as(t, l, "canon").Search(ctx, hello.URI, false)
		must(err)
		c, err := as(t, l, "canon").Context(ctx, found.Statuses[0].ID)
		must(err)
		if len(c.Descendants) != 1 {
			t.Fatalf("canon sees %d replies, want berta's", len(c.Descendants))
		}
		return c.Descendants[0].Content
	}
	if got := says(); got != "<p>Helo alice</p>" {
		t.Errorf("canon reads %s at first", got)
	}
	must(l.Advance(ctx, time.Minute))
	_, err = as(t, l, "berta").Edit(ctx, reply.ID, clientapi.NewStatus{Status: "Hello alice"})
	must(err)
	must(l.Settle(ctx))
	if got := says(); got != "<p>Hello alice</p>" {
		t.Errorf("canon reads %s, want the edit, which alice's server passes on", got)
	}
	if !named(t, l)[rules.ForwardUpdateSharers] {
		t.Errorf("nothing in the log names %s", rules.ForwardUpdateSharers)
	}
}
