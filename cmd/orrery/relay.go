package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"orrery/activitylog"
	"orrery/server"
	"orrery/social"
)

type relayCmd struct {
	Add    relayAddCmd    `cmd:"" help:"Ask a relay to pass posts on to this server, and send it the public ones."`
	Remove relayRemoveCmd `cmd:"" help:"End that and forget the relay."`
	List   relayListCmd   `cmd:"" help:"List the relays and how they stand: idle, pending, accepted or rejected."`
}

type relayAddCmd struct {
	place
	Inbox string `arg:"" help:"Inbox of the relay, such as https://relay.example.org/inbox."`
}

// Run leaves the request with the server's other work: the running server sends it within a minute.
func (c relayAddCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.place.relays(ctx, log, "Follow", c.Inbox, func(ctx context.Context, relays *social.Relays) error {
		_, err := relays.Add(ctx, c.Inbox)
		return err
	})
}

type relayRemoveCmd struct {
	place
	Inbox string `arg:"" help:"Inbox of the relay, as it is listed."`
}

func (c relayRemoveCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.place.relays(ctx, log, "Undo", c.Inbox, func(ctx context.Context, relays *social.Relays) error {
		return relays.Remove(ctx, c.Inbox)
	})
}

type relayListCmd struct{ place }

func (c relayListCmd) Run(ctx context.Context, log *slog.Logger) error {
	i, release, err := c.place.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	all, err := i.Services.Store.Relays(ctx)
	for _, r := range all {
		fmt.Printf("%-9s %s\n", r.State, r.Inbox)
	}
	return err
}

// relays opens the server and does something with its relays, as a local action of the server itself.
func (p place) relays(ctx context.Context, log *slog.Logger, what, inbox string, do func(context.Context, *social.Relays) error) error {
	i, release, err := p.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	return asInstance(ctx, i, what, inbox, do)
}

func asInstance(ctx context.Context, i *server.Instance, what, inbox string, do func(context.Context, *social.Relays) error) error {
	ctx, done := i.Recorder.Action(ctx, activitylog.Summary{Type: what, Actor: i.Services.URLs.InstanceActor(), Object: inbox})
	defer done()
	err := do(ctx, i.Services.Relays)
	if e, ok := errors.AsType[*social.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}
