package pull

import (
	"context"
	"fmt"

	"orrery/federation/followers"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// maxFollowerPages is how many pages of a list of followers are read (federation.md §16.3).
const maxFollowerPages = 10

// followers reads which people of this instance somebody's server holds to be their followers, and brings the follows into
// line (FEP-8fcf, federation.md §8.7). The older version believes the one page that it reads; the newer one ends follows
// only when it has seen the very set that was announced.
func (p *Pull) followers(ctx context.Context, j jobs.Job) error {
	l, err := work.Read[work.FollowersList](j)
	if err != nil {
		return err
	}
	target, err := p.Store.AccountByID(ctx, social.ID(l.Of))
	if err != nil {
		return err
	}
	pages := 1
	if p.Ingest.Policy.SyncCompletely {
		pages = maxFollowerPages
	}
	uris, complete, err := p.followersOf(ctx, target, l.URL, pages)
	if err != nil {
		return fmt.Errorf("followers of %s: %w", target.URI, err)
	}
	if p.Ingest.Policy.SyncCompletely {
		complete = complete && followers.Of(uris).String() == l.Digest
	} else {
		complete = true
	}
	listed, err := p.residents(ctx, uris)
	if err != nil {
		return err
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		err := p.Follows.Synchronise(ctx, tx, target, listed, complete, func(a social.Account, m social.Mended) {
			p.Observer.Observe(ctx, observe.Mended{Rule: mended(m), For: []string{a.Acct()}, Target: target.URI})
		})
		if err != nil {
			return err
		}
		if !complete {
			p.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitFollowersIncomplete, What: "mend", Target: l.URL})
		}
		return j.Finish(ctx, tx)
	})
}

func mended(m social.Mended) rules.ID {
	switch m {
	case social.FollowDisowned:
		return rules.DeliverFollowDisowned
	case social.FollowEnded:
		return rules.DropFollowUnlisted
	}
	return rules.AcceptFollowListed
}

// followersOf reads at most pages pages of a list, all on the host of whose list it is. complete reports whether the list
// ended there.
func (p *Pull) followersOf(ctx context.Context, target social.Account, address string, pages int) (uris []string, complete bool, err error) {
	read := func(uri string) (vocab.Doc, error) {
		if !translate.SameHost(uri, target.URI) {
			return nil, fmt.Errorf("%q is on another host: %w", uri, ingest.ErrNotHere)
		}
		return p.Ingest.Resource(ctx, uri, rules.FetchFollowers)
	}
	page, err := read(address)
	if err != nil {
		return nil, false, err
	}
	if first := page.Object("first"); first != nil {
		page = first
	} else if uri := page.Ref("first"); uri != "" {
		if page, err = read(uri); err != nil {
			return nil, false, err
		}
	}
	for {
		for _, item := range vocab.Items(page) {
			if uri, ok := item.(string); ok {
				uris = append(uris, uri)
			}
		}
		next := page.Ref("next")
		if pages--; next == "" || pages <= 0 {
			return uris, next == "", nil
		}
		if page, err = read(next); err != nil {
			return nil, false, err
		}
	}
}

// residents are the people of this instance among uris.
func (p *Pull) residents(ctx context.Context, uris []string) ([]social.Account, error) {
	const chunk = 500
	var here []string
	seen := map[string]bool{}
	for _, uri := range uris {
		if p.URLs.IsLocal(uri) && !seen[uri] {
			seen[uri] = true
			here = append(here, uri)
		}
	}
	var out []social.Account
	for len(here) > 0 {
		n := min(chunk, len(here))
		people, err := p.Store.AccountsByURI(ctx, here[:n])
		if err != nil {
			return nil, err
		}
		for _, uri := range here[:n] {
			if a, ok := people[uri]; ok && a.Local() && a.ID != social.InstanceActorID {
				out = append(out, a)
			}
		}
		here = here[n:]
	}
	return out, nil
}
