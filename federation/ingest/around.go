package ingest

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// lookAround leaves the look-ups that the policy wants when a status becomes known: the post it answers, the replies it
// lists (federation.md §9.1, §9.2).
func (g *Ingest) lookAround(ctx context.Context, tx Tx, s social.Status, n vocab.Note, arr Arrival) error {
	seen := policy.Seen{
		Visibility:    policy.Visibility(s.Visibility),
		History:       translate.IsHTTP(n.History) && !g.URLs.IsLocal(n.History),
		Fetched:       arr.Fetched,
		Walked:        depthOf(ctx) > 0,
		UnknownParent: s.ReplyToID == 0 && translate.IsHTTP(s.ReplyToURI) && s.ReplyToURI != s.URI,
		ListsReplies:  n.Replies != nil || n.RepliesURI != "",
	}
	for _, step := range g.Policy.FirstSeen(seen) {
		var err error
		switch step.What {
		case "parent":
			err = g.leave(ctx, tx, step.Rule, work.Parent, s.ReplyToURI, work.Missing{URI: s.ReplyToURI, Depth: depthOf(ctx) + 1})
		case "history":
			err = g.leave(ctx, tx, step.Rule, work.History, n.History, work.One{URI: n.History})
		case "thread":
			err = g.walk(ctx, tx, step.Rule, s)
		case "replies":
			err = g.leaveReplies(ctx, tx, step.Rule, s, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveMentions leaves to look those up again whom s mentions and whose servers did not answer (federation.md §14.3/74).
func (g *Ingest) leaveMentions(ctx context.Context, tx Tx, s social.Status, unreached []string) error {
	for _, uri := range unreached {
		if err := g.leave(ctx, tx, rules.FetchMention, work.Mention, uri, work.Mentioned{Status: s.URI, Account: uri}); err != nil {
			return err
		}
	}
	return nil
}

func (g *Ingest) leave(ctx context.Context, tx Tx, rule rules.ID, kind, uri string, payload any) error {
	if most := g.Policy.ThreadDepth; most > 0 && depthOf(ctx) >= most {
		g.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitDepth, What: "fetch", Target: uri})
		return nil
	}
	g.Observer.Observe(ctx, observe.Queued{Rule: rule, What: "fetch", Target: uri})
	return work.Enqueue(ctx, tx, kind, work.Pull, uri, g.Now(), payload)
}

// leaveReplies takes the embedded page without any request; what is only referred to is read by a job: the list, or since
// 4.6 only its first page where the post names that (federation.md §9.2).
func (g *Ingest) leaveReplies(ctx context.Context, tx Tx, rule rules.ID, s social.Status, n vocab.Note) error {
	page, list := n.Replies, n.RepliesURI
	if n.Replies["first"] != nil {
		if page = n.Replies.Object("first"); page == nil {
			list = n.Replies.Ref("id")
			if g.Policy.FirstPages {
				list = n.Replies.Ref("first")
			}
		}
	}
	if list != "" {
		if !translate.SameHost(list, s.URI) || g.Policy.FetchReplies == 0 {
			return nil
		}
		return g.leave(ctx, tx, rule, work.Replies, list, work.Listed{Status: s.URI, Collection: list, Depth: depthOf(ctx) + 1})
	}
	for _, uri := range g.ChooseReplies(ctx, s.URI, vocab.Items(page)) {
		if err := g.leave(ctx, tx, rule, work.Reply, uri, work.One{URI: uri, Depth: depthOf(ctx) + 1}); err != nil {
			return err
		}
	}
	return nil
}

// maxSkipped is how many of the listed replies that are not fetched are named in the log; a list can hold tens of thousands.
const maxSkipped = 20

// ChooseReplies picks the addresses to fetch out of the listed items: on the post's own host, the first five, as the
// knobs say, and states what was left out.
func (g *Ingest) ChooseReplies(ctx context.Context, status string, items []any) []string {
	var chosen []string
	skipped := 0
	skip := func(rule rules.ID, uri string) {
		if skipped++; skipped <= maxSkipped {
			g.Observer.Observe(ctx, observe.Skipped{Rule: rule, What: "fetch", Target: uri})
		}
	}
	for _, item := range items {
		uri := vocab.RefOf(item)
		switch {
		case !translate.IsHTTP(uri) || g.URLs.IsLocal(uri):
		case g.Policy.FetchSameHost && !translate.SameHost(uri, status):
			skip(rules.LimitSameHost, uri)
		case len(chosen) >= g.Policy.FetchReplies:
			skip(rules.LimitFive, uri)
		default:
			chosen = append(chosen, uri)
		}
	}
	return chosen
}
