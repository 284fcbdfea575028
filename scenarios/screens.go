package scenarios

import (
	"context"
	"net/url"

	"orrery/activitylog"
	"orrery/clientapi"
)

// screens are people with their apps: what they do and see through the client API of their servers, which may stand in a lab or
// be real ones.
type screens struct {
	people map[string]*person
	posts  map[string]*post
	// look asks a server for a post, as each of its people until one is shown it.
	look func(ctx context.Context, p *post, server string) (s clientapi.Status, there bool, err error)
	// unseen is why somebody is not shown a post that they were to do something with.
	unseen func(ctx context.Context, who *person, p *post) error
	// viewer is somebody who lives on a server and can be asked what it shows; nil when nobody does.
	viewer func(server string) *person
	// anybody asks a server without an account there, and host is its domain.
	anybody func(server string) *clientapi.Client
	host    func(server string) string
}

// uri is the address of a post or person of the script.
func (r *screens) uri(name string) string {
	if p := r.posts[name]; p != nil {
		return p.uri
	}
	if p := r.people[name]; p != nil {
		return p.uri
	}
	return ""
}

// noun is the name that the script gives to what lies at uri.
func (r *screens) noun(uri string) string {
	for name, p := range r.posts {
		if p.uri == uri {
			return name
		}
	}
	for name, p := range r.people {
		if p.uri == uri {
			return name
		}
	}
	u, err := url.Parse(uri)
	if err != nil || u.Path == "" {
		return "?"
	}
	return activitylog.Plain(u.Path, 60)
}
