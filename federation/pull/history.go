package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// history reads what the owner of a conversation handed on in it and fetches the posts that are not known here, each from its own
// server, oldest first (federation.md §13.3.2).
func (p *Pull) history(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	doc, err := p.Ingest.Resource(ctx, one.URI, rules.FetchHistory)
	if err != nil {
		return fmt.Errorf("history of a conversation: %w", err)
	}
	items := vocab.Items(doc)
	ctx = ingest.AtDepth(ctx, 1)
	for _, item := range items[:min(len(items), social.ThreadItems)] {
		add, _ := item.(map[string]any)
		created := vocab.Doc(add).Object("object")
		uri := created.Ref("object")
		if !created.Is("Create") || uri == "" || p.URLs.IsLocal(uri) {
			continue
		}
		if _, err := p.Store.StatusByURI(ctx, uri); err == nil || !errors.Is(err, social.ErrNotFound) {
			continue
		}
		if _, err := p.Ingest.Status(ctx, uri, 0, rules.FetchHistory, rules.LearnHistory); err != nil && !errors.Is(err, ingest.ErrNotHere) {
			return fmt.Errorf("post in a history: %w", err)
		}
	}
	return nil
}

// openedHistory reads the history of the conversation of s, instead of lists of replies, when somebody opens it.
func (p *Pull) openedHistory(ctx context.Context, s social.Status) (bool, error) {
	if p.Ingest.Policy.Owners != policy.OwnedByBeginner {
		return false, nil
	}
	t, err := p.Store.ThreadOf(ctx, s.ID)
	if errors.Is(err, social.ErrNotFound) || err == nil && p.URLs.IsLocal(t.History) {
		return err == nil, nil
	}
	if err != nil {
		return false, err
	}
	d := p.opening(s)
	if !d.Yes {
		if d.Rule != "" {
			p.Observer.Observe(ctx, observe.Skipped{Rule: d.Rule, What: "fetch", Target: t.History})
		}
		return true, nil
	}
	return true, p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		if err := tx.NoteRepliesFetched(ctx, []social.ID{s.ID}, p.Ingest.Now()); err != nil {
			return err
		}
		p.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchHistory, What: "fetch", Target: t.History})
		return work.Enqueue(ctx, tx, work.History, work.Pull, t.History, p.Ingest.Now(), work.One{URI: t.History})
	})
}
