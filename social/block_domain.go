package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// UserDomainBlock is one person's wish to have nothing to do with a server. No other server is told of it.
type UserDomainBlock struct {
	ID        ID
	AccountID ID
	Domain    string // lower case, ASCII
	CreatedAt time.Time
}

// UserDomainBlockStore keeps them.
type UserDomainBlockStore interface {
	// InsertUserDomainBlock does nothing when the same one exists.
	InsertUserDomainBlock(ctx context.Context, b UserDomainBlock) error
	DeleteUserDomainBlock(ctx context.Context, account ID, domain string) error
	// UserDomainBlocks are paged by id, newest first.
	UserDomainBlocks(ctx context.Context, account ID, p Page) ([]UserDomainBlock, error)
	// FollowsAcross are the follows and requests, either way, between account and people of domain.
	FollowsAcross(ctx context.Context, account ID, domain string) ([]Follow, error)
	// ForgetDomain takes what stands of domain's people out of account's home and notifications.
	ForgetDomain(ctx context.Context, account ID, domain string) error
}

// BlockDomain makes actor have nothing to do with the people of domain: follows end both ways and later ones are refused,
// and what stood of them in home and notifications goes (federation.md §11). Doing it again changes nothing.
func (b *Blocks) BlockDomain(ctx context.Context, actor ID, domain string) error {
	domain = strings.ToLower(strings.TrimSpace(domain))
	if domain == "" || len(domain) > 255 || strings.ContainsAny(domain, "/@ \t\n") {
		return &Error{Kind: ErrInvalid, Field: "domain", Message: fmt.Sprintf("%q is no domain: write it like example.org.", domain)}
	}
	return b.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		follows, err := tx.FollowsAcross(ctx, actor, domain)
		if err != nil {
			return err
		}
		for _, f := range follows {
			if f.AccountID == actor {
				err = b.Follows.end(ctx, tx, actor, f.TargetID, FollowRemoved, actor, f.TargetID)
			} else {
				err = b.Follows.end(ctx, tx, f.AccountID, actor, FollowRejected, actor, f.AccountID)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.ForgetDomain(ctx, actor, domain); err != nil {
			return err
		}
		return tx.InsertUserDomainBlock(ctx, UserDomainBlock{ID: b.NewID(), AccountID: actor, Domain: domain, CreatedAt: b.Now()})
	})
}

// UnblockDomain takes it back. Nothing happens when there was none.
func (b *Blocks) UnblockDomain(ctx context.Context, actor ID, domain string) error {
	err := b.Store.DeleteUserDomainBlock(ctx, actor, strings.ToLower(strings.TrimSpace(domain)))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
