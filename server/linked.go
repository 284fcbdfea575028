package server

import (
	"context"
	"time"

	"orrery/federation/work"
	"orrery/social"
	"orrery/social/richtext"
)

// linkedWithin is when at the latest the page behind a link of a received post is read: a server must not be asked for one
// page by everybody at once (federation.md §4.1 step 7).
const linkedWithin = time.Minute

// linked leaves the job that reads the page behind a post's link.
func (i *Instance) linked(ctx context.Context, tx social.Tx, s social.Status, given string) error {
	link := given
	if link == "" || social.HostOf(link) == "" || social.HostOf(link) == i.Host() {
		link = richtext.FirstLink(s.Content, i.Host())
	}
	if link == "" {
		return nil
	}
	at := i.world.Clock.Now()
	if !s.Local {
		at = at.Add(time.Duration(i.ingest.Jitter() * float64(linkedWithin)))
	}
	return work.Enqueue(ctx, tx.(work.Tx), work.Link, work.Pull, link, at, work.Linking{Status: int64(s.ID), URL: link})
}
