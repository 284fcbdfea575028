package server

import (
	"context"
	"fmt"

	"orrery/federation/work"
	"orrery/storage"
)

// beginExternal leaves the first round of the program beside the server, where the policy has one and no round waits.
func (i *Instance) beginExternal(ctx context.Context) error {
	every := i.Config.Policy.ExternalPull
	if every == 0 {
		return nil
	}
	err := i.store.Tx(ctx, func(ctx context.Context, tx *storage.Store) error {
		waits, err := tx.HasJob(ctx, work.External)
		if err != nil || waits {
			return err
		}
		return work.Enqueue(ctx, tx, work.External, work.Pull, i.Config.Origin, i.world.Clock.Now().Add(every), work.One{})
	})
	if err != nil {
		return fmt.Errorf("begin to ask for threads beside %s: %w", i.Config.Name, err)
	}
	return nil
}
