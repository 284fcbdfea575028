package social

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// Accounts are the rules for the people of this instance. Safe for concurrent use.
type Accounts struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	URLs  URLs
	// NewKey returns a private key and its public half, both PEM, for a new actor.
	NewKey func(username string) (private, public string, err error)
	// HashPassword returns a PHC string.
	HashPassword func(ctx context.Context, password string) (string, error)
}

// NewAccount is what a new person brings.
type NewAccount struct {
	Username, DisplayName string
	Password              string // "" for people who sign in by ticket only
	Locked                bool
}

// Create adds a person with a key pair. Errors: ErrInvalid (name, password), ErrConflict (taken).
func (s *Accounts) Create(ctx context.Context, n NewAccount) (Account, error) {
	if !ValidUsername(n.Username) {
		return Account{}, &Error{Kind: ErrInvalid, Field: "username",
			Message: fmt.Sprintf("%q cannot be a username: use 1 to 30 letters, digits and underscores.", n.Username)}
	}
	if n.Password != "" && len(n.Password) < minPassword {
		return Account{}, shortPassword("password")
	}
	hash := ""
	if n.Password != "" {
		var err error
		if hash, err = s.HashPassword(ctx, n.Password); err != nil {
			return Account{}, fmt.Errorf("hash password of %s: %w", n.Username, err)
		}
	}
	a, private, err := s.compose(n)
	if err != nil {
		return Account{}, err
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertAccount(ctx, a, private); err != nil {
			return err
		}
		return tx.InsertUser(ctx, User{AccountID: a.ID, PasswordHash: hash, CreatedAt: a.CreatedAt, DefaultVisibility: Public, DefaultLanguage: "en"})
	})
	if errors.Is(err, ErrConflict) {
		return Account{}, &Error{Kind: ErrConflict, Field: "username", Message: fmt.Sprintf("The username %s is taken: choose another.", n.Username)}
	}
	if err != nil {
		return Account{}, fmt.Errorf("create account %s: %w", n.Username, err)
	}
	return a, nil
}

func (s *Accounts) compose(n NewAccount) (Account, string, error) {
	private, public, err := s.NewKey(n.Username)
	if err != nil {
		return Account{}, "", fmt.Errorf("make key of %s: %w", n.Username, err)
	}
	id := s.NewID()
	uri := s.URLs.Account(n.Username, id)
	return Account{
		ID: id, Username: n.Username, DisplayName: n.DisplayName, Locked: n.Locked, ActorType: "Person",
		URI: uri, URL: s.URLs.Profile(n.Username), Discoverable: true,
		InboxURL: uri + "/inbox", SharedInboxURL: s.URLs.SharedInbox(), OutboxURL: uri + "/outbox",
		FollowersURL: uri + "/followers", FollowingURL: uri + "/following", FeaturedURL: uri + "/collections/featured",
		KeyID: s.URLs.Key(uri, public), PublicKeyPEM: public, CreatedAt: s.Now(),
	}, private, nil
}

// CommunityName is the username of the community that a server has whose conversations belong to one.
const CommunityName = "community"

// EnsureCommunity makes the Group in which conversations of this server are begun, unless it exists (federation.md §13.3.1).
func (s *Accounts) EnsureCommunity(ctx context.Context) (Account, error) {
	if a, err := s.Store.AccountByHandle(ctx, CommunityName, ""); err == nil || !errors.Is(err, ErrNotFound) {
		return a, err
	}
	a, private, err := s.compose(NewAccount{Username: CommunityName, DisplayName: "Community"})
	if err != nil {
		return Account{}, err
	}
	a.ActorType = "Group"
	err = s.Store.InsertAccount(ctx, a, private)
	if errors.Is(err, ErrConflict) {
		return s.Store.AccountByHandle(ctx, CommunityName, "")
	}
	return a, err
}

// EnsureInstanceActor makes the account that stands for the instance itself, named username, unless it exists.
func (s *Accounts) EnsureInstanceActor(ctx context.Context, username string) (Account, error) {
	if a, err := s.Store.AccountByID(ctx, InstanceActorID); err == nil || !errors.Is(err, ErrNotFound) {
		return a, err
	}
	private, public, err := s.NewKey(username)
	if err != nil {
		return Account{}, fmt.Errorf("make key of the instance: %w", err)
	}
	uri := s.URLs.InstanceActor()
	a := Account{
		ID: InstanceActorID, Username: username, ActorType: "Application", Locked: true,
		URI: uri, URL: s.URLs.Origin + "/about/more?instance_actor=true",
		InboxURL: uri + "/inbox", SharedInboxURL: s.URLs.SharedInbox(), OutboxURL: uri + "/outbox",
		KeyID: uri + "#main-key", PublicKeyPEM: public, CreatedAt: s.Now(),
	}
	err = s.Store.InsertAccount(ctx, a, private)
	if errors.Is(err, ErrConflict) { // another process was quicker
		return s.Store.AccountByID(ctx, InstanceActorID)
	}
	return a, err
}

// ProfileRest is how long after a change of a profile other servers are told (federation.md §8.3).
const ProfileRest = 5 * time.Second

// Update changes a local account's profile and records AccountUpdated when it is another one then. Errors: ErrInvalid.
func (s *Accounts) Update(ctx context.Context, id ID, p Profile) (Account, error) {
	var a Account
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if a, err = tx.AccountByID(ctx, id); err != nil {
			return err
		}
		before := a
		if err := p.apply(&a); err != nil {
			return err
		}
		if reflect.DeepEqual(a, before) {
			return nil
		}
		a.Revision = s.NewID()
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: a.ID, Subject: a.ID, Object: a.Revision, At: s.Now(), Rest: ProfileRest})
	})
	return a, err
}
