package outbox

import (
	"context"
	"fmt"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// forward passes a received document on to the followers of the local accounts that carry it, but not to the server it
// came from (federation.md §7). The document is the re-serialised one; the request is signed by the first carrier.
func (o *Outbox) forward(ctx context.Context, j jobs.Job) error {
	f, err := work.Read[work.Forwarding](j)
	if err != nil {
		return err
	}
	if len(f.Carriers) == 0 {
		return jobs.Permanent(fmt.Errorf("nobody carries %s", f.Activity))
	}
	var rs recipients
	for _, c := range f.Carriers {
		followers, err := o.Store.RemoteFollowers(ctx, social.ID(c))
		if err != nil {
			return fmt.Errorf("followers of %d: %w", c, err)
		}
		for _, a := range followers {
			if a.PreferredInbox() != f.Except {
				rs.add(a, false, f.Rule)
			}
		}
	}
	if len(rs.list) == 0 {
		o.Observer.Observe(ctx, observe.Skipped{Rule: rules.ForwardNobody, What: "forward", Target: f.Object})
	}
	body, err := o.Body(ctx, f.Body)
	if err != nil {
		return fmt.Errorf("document %s: %w", f.Activity, err)
	}
	p := &plan{signer: social.ID(f.Carriers[0]), activity: f.Activity, body: body, to: rs.list, what: "forward"}
	if f.Low {
		p.to, p.later = nil, rs.list
	}
	return o.commit(ctx, j, p)
}
