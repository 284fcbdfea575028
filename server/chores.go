package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage"
)

// chore does one step of what the domain left for later, in the transaction that ends the job.
func (i *Instance) chore(ctx context.Context, j jobs.Job) error {
	c, err := work.Read[social.Chore](j)
	if err != nil {
		return err
	}
	ctx, end := i.working(ctx, observe.ExchangeID(j.Cause), j)
	err = i.atomically(ctx, func(ctx context.Context, tx *storage.Store) error {
		if err := i.Services.Moderation.Do(ctx, tx, c); err != nil {
			return fmt.Errorf("chore %s of account %d: %w", c.Kind, c.Account, err)
		}
		return j.Finish(ctx, tx)
	})
	return errors.Join(err, end())
}

// gone removes an account whose server says that it was deleted.
func (i *Instance) gone(ctx context.Context, a social.Account) error {
	if a.Gone() {
		return nil
	}
	return i.atomically(ctx, func(ctx context.Context, tx *storage.Store) error {
		return i.Services.Moderation.ReceiveDeletion(ctx, tx, a)
	})
}

// refused keeps look-ups away from servers that this one does not speak with, and says so.
func (i *Instance) refused(ctx context.Context, address string) (bool, error) {
	refused, err := i.Services.Domains.RefusedURI(ctx, address)
	if refused {
		i.Recorder.Observe(ctx, observe.Skipped{Rule: rules.LimitDomain, What: "fetch", Target: address})
	}
	return refused, err
}

// lookUp finds an account by handle or address. One elsewhere is read anew, with what it says of its other accounts.
func (i *Instance) lookUp(ctx context.Context, handle string) (social.Account, error) {
	var a social.Account
	if strings.Contains(handle, "://") {
		found, _, err := i.pull.ByURL(ctx, 0, handle)
		if err == nil && found == nil {
			err = fmt.Errorf("%s is no account: %w", handle, social.ErrNotFound)
		}
		if err != nil {
			return a, err
		}
		a = *found
	} else {
		user, domain, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(handle), "@"), "@")
		var err error
		if a, err = i.resolve(ctx, user, domain); err != nil {
			return a, err
		}
	}
	claim, err := i.ingest.Claim(ctx, a.URI)
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return a, fmt.Errorf("%w: %w", social.ErrNotFound, err)
	}
	return claim, err
}
