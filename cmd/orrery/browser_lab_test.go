package main

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/lab"
	"orrery/scenarios/runs"
	"orrery/social"
)

// running is a lab as `orrery lab --port 0` runs it, in this process.
type running struct {
	*lab.Loopback
	t    *testing.T
	desk *runs.Desk
}

func startLab(t *testing.T, dir string) *running {
	t.Helper()
	p, err := policy.Named("mastodon-4.1")
	if err != nil {
		t.Fatal(err)
	}
	plan := func(g lab.Graph) lab.Plan { return lab.Article(p, g) }
	l, err := lab.OpenLoopback(lab.LoopbackOptions{Plan: plan, Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close the lab: %v", err)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	desk, done, err := labDesk(ctx, l, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(done)
	watch(ctx, l, plan(lab.Graphs()[0]), desk, slog.New(slog.DiscardHandler))
	if err := l.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return &running{l, t, desk}
}

// at is an address on a host of the lab; host "" is bare localhost.
func (r *running) at(host, path string) string {
	if host != "" {
		host += "."
	}
	return fmt.Sprintf("http://%slocalhost:%d%s", host, r.Port, path)
}

// publish writes posts without a browser.
func (r *running) publish(name string, posts int) {
	r.t.Helper()
	a, h, err := r.Lab().Account(r.t.Context(), name)
	if err != nil {
		r.t.Fatal(err)
	}
	for n := range posts {
		ctx, done := h.Instance.Recorder.Action(r.t.Context(), activitylog.Summary{Type: "Create", Actor: a.URI})
		_, err := h.Instance.Services.Statuses.Publish(ctx, a.ID, social.Draft{Text: fmt.Sprintf("Post %d", n)})
		done()
		if err != nil {
			r.t.Fatal(err)
		}
	}
}
