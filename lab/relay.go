package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"orrery/federation/policy"
	"orrery/social"
)

// withRelay adds a relay to a plan in which a server's policy subscribes to one.
func (p Plan) withRelay() Plan {
	taken := func(name string) bool {
		return slices.ContainsFunc(p.Servers, func(s Server) bool { return s.Name == name })
	}
	if p.relay() != "" || !slices.ContainsFunc(p.Servers, func(s Server) bool { return s.Policy.SubscribesRelay }) {
		return p
	}
	name := "relay"
	for n := 2; taken(name); n++ {
		name = "relay" + strconv.Itoa(n)
	}
	p.Servers = append(slices.Clone(p.Servers), Server{Name: name, Policy: policy.RelayServer()})
	return p
}

// relay is the name of the plan's relay, "" when it has none.
func (p Plan) relay() string {
	for _, s := range p.Servers {
		if s.Policy.Relays {
			return s.Name
		}
	}
	return ""
}

// subscribe lets every server subscribe to the lab's relay whose policy says so and that has not yet.
func (l *Lab) subscribe(ctx context.Context) error {
	relay := l.Host(l.Plan.relay())
	for i, s := range l.Plan.Servers {
		if relay == nil || !s.Policy.SubscribesRelay {
			continue
		}
		urls := relay.Instance.Services.URLs
		_, err := l.Hosts[i].Instance.Services.Relays.Add(ctx, urls.InstanceActor()+"/inbox")
		if err != nil && !errors.Is(err, social.ErrConflict) {
			return fmt.Errorf("%s subscribes to %s: %w", s.Name, relay.Name, err)
		}
	}
	return nil
}
