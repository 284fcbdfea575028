package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"orrery/server"
	"orrery/social"
)

// findAccount finds somebody by name, or by name@host when they live elsewhere.
func findAccount(ctx context.Context, i *server.Instance, acct string) (social.Account, error) {
	user, domain, _ := strings.Cut(strings.TrimPrefix(acct, "@"), "@")
	a, err := i.Services.Store.AccountByHandle(ctx, user, domain)
	if errors.Is(err, social.ErrNotFound) {
		return a, fmt.Errorf("nobody is called %q here. Check the name", acct)
	}
	return a, err
}

type accountRoleCmd struct {
	place
	Username string `arg:"" help:"Name of the account."`
	Role     string `arg:"" help:"What the person may do: none, moderator, admin or owner." enum:"none,moderator,admin,owner"`
}

func (c accountRoleCmd) Run(ctx context.Context, log *slog.Logger) error {
	role := social.Role(c.Role)
	if c.Role == "none" {
		role = social.RoleNone
	}
	return decide(ctx, log, c.place, c.Username, func(m *social.Moderation, id social.ID) error {
		return m.GiveRole(ctx, social.InstanceActorID, id, role)
	})
}

type accountSuspendCmd struct {
	place
	Username string `arg:"" help:"Name of the account; name@host for one elsewhere."`
	Lift     bool   `help:"Take a suspension back instead."`
}

func (c accountSuspendCmd) Run(ctx context.Context, log *slog.Logger) error {
	return decide(ctx, log, c.place, c.Username, func(m *social.Moderation, id social.ID) error {
		if c.Lift {
			return m.Unsuspend(ctx, social.InstanceActorID, id)
		}
		return m.Suspend(ctx, social.InstanceActorID, id)
	})
}

type accountDeleteCmd struct {
	place
	Username string `arg:"" help:"Name of the account; name@host for one elsewhere."`
}

func (c accountDeleteCmd) Run(ctx context.Context, log *slog.Logger) error {
	return decide(ctx, log, c.place, c.Username, func(m *social.Moderation, id social.ID) error {
		return m.Delete(ctx, social.InstanceActorID, id)
	})
}

// decide opens the server's database and does something about an account. What follows from it is done when the server runs.
func decide(ctx context.Context, log *slog.Logger, p place, acct string, do func(m *social.Moderation, id social.ID) error) error {
	i, release, err := p.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	a, err := findAccount(ctx, i, acct)
	if err != nil {
		return err
	}
	return do(i.Services.Moderation, a.ID)
}
