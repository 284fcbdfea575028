package main

import (
	"context"
	"errors"
	"log/slog"

	"orrery/social"
)

type registrationsCmd struct {
	place
	Mode    string `arg:"" help:"Who may join: open, approval (somebody lets each in) or closed." enum:"open,approval,closed"`
	Reason  bool   `help:"With approval: ask for a sentence about why."`
	Message string `help:"With closed: what is said to those who would like to join." placeholder:"TEXT"`
}

// Run decides how people join. A running server goes by it at once.
func (c registrationsCmd) Run(ctx context.Context, log *slog.Logger) error {
	i, release, err := c.place.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	err = i.Services.Moderation.SetRegistration(ctx, social.InstanceActorID,
		social.Registration{Mode: social.RegistrationMode(c.Mode), ReasonRequired: c.Reason, Message: c.Message})
	if e, ok := errors.AsType[*social.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}
