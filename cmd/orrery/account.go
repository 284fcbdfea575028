package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"orrery/internal/clock"
	"orrery/server"
	"orrery/social"
	"orrery/storage"
)

type accountCmd struct {
	Create  accountCreateCmd  `cmd:"" help:"Create an account that can sign in."`
	Token   accountTokenCmd   `cmd:"" help:"Print an access token for an account, for apps and scripts."`
	Role    accountRoleCmd    `cmd:"" help:"Make somebody a moderator, admin or owner, or take that back."`
	Suspend accountSuspendCmd `cmd:"" help:"Suspend an account, or lift that."`
	Delete  accountDeleteCmd  `cmd:"" help:"Delete an account for good."`
	Rotate  accountRotateCmd  `cmd:"" name:"rotate-key" help:"Give an account a new signing key, and tell other servers."`
}

type accountCreateCmd struct {
	place
	Username string `arg:"" help:"Name of the account."`
	Display  string `help:"Display name." placeholder:"TEXT"`
	Password string `help:"Password, at least 8 characters. Without it the account can only be used with a token." env:"ORRERY_PASSWORD" placeholder:"TEXT"`
	Locked   bool   `help:"Approve followers by hand."`
}

func (c accountCreateCmd) Run(ctx context.Context, log *slog.Logger) error {
	i, release, err := c.place.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	a, err := i.Services.Accounts.Create(ctx, social.NewAccount{Username: c.Username, DisplayName: c.Display, Password: c.Password, Locked: c.Locked})
	if err != nil {
		return err
	}
	fmt.Println(a.URI)
	return nil
}

type accountTokenCmd struct {
	place
	Username string `arg:"" help:"Name of the account."`
	Scopes   string `help:"What the token allows." default:"read write follow push"`
}

func (c accountTokenCmd) Run(ctx context.Context, log *slog.Logger) error {
	i, release, err := c.place.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	a, err := i.Services.Store.AccountByHandle(ctx, c.Username, "")
	if errors.Is(err, social.ErrNotFound) {
		return fmt.Errorf("nobody is called %q here. Create the account first: orrery account create %s", c.Username, c.Username)
	}
	if err != nil {
		return err
	}
	token, _, err := i.Services.SignIns.Token(ctx, a.ID, 0, c.Scopes)
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

type accountRotateCmd struct {
	place
	Username string `arg:"" help:"Name of the account."`
}

func (c accountRotateCmd) Run(ctx context.Context, log *slog.Logger) error {
	i, release, err := c.place.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	a, err := i.Services.Store.AccountByHandle(ctx, c.Username, "")
	if errors.Is(err, social.ErrNotFound) {
		return fmt.Errorf("nobody is called %q here. Check the name", c.Username)
	}
	if err == nil {
		a, err = i.Services.Accounts.RotateKey(ctx, a.ID)
	}
	if err != nil {
		return err
	}
	fmt.Println(a.KeyID)
	return nil
}

type migrateCmd struct {
	Database string `help:"Where the data live: sqlite:PATH or postgres://…" env:"ORRERY_DATABASE" default:"sqlite:orrery.db"`
}

func (c migrateCmd) Run(ctx context.Context, log *slog.Logger) error {
	s, err := storage.Open(ctx, storage.Options{DSN: c.Database, NewID: func() int64 { return clock.Real{}.Now().UnixMilli() << 16 }, Log: log})
	if err != nil {
		return err
	}
	fmt.Println("The database is up to date.")
	return s.Close()
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("orrery " + server.Version)
	return nil
}
