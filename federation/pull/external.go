package pull

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// What one round of the program beside the server looks at, and what it takes from one answer (federation.md §13.3.7).
const (
	externalPosts = 200
	externalFound = 100
)

// external is a round of FediFetcher: the threads of what people here have before them are asked for at the origins' client
// APIs, as anybody may who is not signed in. The next round comes after the interval that the policy sets.
func (p *Pull) external(ctx context.Context, j jobs.Job) error {
	every := p.Ingest.Policy.ExternalPull
	if every == 0 {
		return nil // it was switched off meanwhile
	}
	now := p.Ingest.Now()
	posts, err := p.Store.ExternalPosts(ctx, externalPosts)
	if err != nil {
		return err
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		for _, post := range posts {
			address := contextOf(post)
			if address == "" || !post.Due(now) {
				continue
			}
			if err := tx.NoteExternal(ctx, post.ID, now); err != nil {
				return err
			}
			if err := work.Enqueue(ctx, tx, work.ExternalThread, work.Pull, address, now, work.One{URI: address}); err != nil {
				return err
			}
		}
		if err := work.Enqueue(ctx, tx, work.External, work.Pull, p.URLs.Origin, now.Add(every), work.One{}); err != nil {
			return err
		}
		return j.Finish(ctx, tx)
	})
}

// contextOf is where the client API of a post's server tells of its thread; "" when the address of the post is not of
// Mastodon's form, which says the number that the API knows it by.
func contextOf(post social.ExternalPost) string {
	for _, address := range []string{post.URL, post.URI} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			continue
		}
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		id := parts[len(parts)-1]
		_, number := social.ParseID(id)
		page := len(parts) == 2 && strings.HasPrefix(parts[0], "@")
		if number && (page || len(parts) > 2 && parts[len(parts)-2] == "statuses") {
			return u.Scheme + "://" + u.Host + "/api/v1/statuses/" + id + "/context"
		}
	}
	return ""
}

// externalThread asks for one thread and leaves every post in it to be searched for that is not known here.
func (p *Pull) externalThread(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	res, err := p.Ingest.Fetch.Get(ctx, one.URI, "application/json", fetch.Signer{}, "fetch", rules.FetchExternalThread)
	if err == nil && res.Status != http.StatusOK {
		err = &fetch.StatusError{Status: res.Status, URL: one.URI}
	}
	if err != nil {
		return jobs.Permanent(fmt.Errorf("thread at %s: %w", one.URI, err)) // the next round asks again
	}
	type post struct{ URI, URL string }
	var thread struct{ Ancestors, Descendants []post }
	if err := json.Unmarshal(res.Body, &thread); err != nil {
		return jobs.Permanent(fmt.Errorf("thread at %s: %w", one.URI, err))
	}
	all := append(thread.Ancestors, thread.Descendants...)
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		for _, found := range all[:min(len(all), externalFound)] {
			switch _, err := tx.StatusByURI(ctx, found.URI); {
			case err == nil, found.URL == "" || p.URLs.IsLocal(found.URL):
				continue
			case !errors.Is(err, social.ErrNotFound):
				return err
			}
			p.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchExternalPost, What: "fetch", Target: found.URL})
			if err := work.Enqueue(ctx, tx, work.ExternalPost, work.Pull, found.URL, p.Ingest.Now(), work.One{URI: found.URL}); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// externalPost brings in one post by its address, as a search for it does.
func (p *Pull) externalPost(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	if _, _, err := p.Ingest.Bring(ctx, one.URI, rules.FetchExternalPost, rules.LearnExternal); err != nil {
		return jobs.Permanent(fmt.Errorf("post of a thread that was asked for: %w", err))
	}
	return nil
}
