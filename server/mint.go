package server

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"orrery/federation/signature"
	"orrery/internal/password"
	"orrery/social"
)

// lockedReader lets several goroutines draw from one source.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return io.ReadFull(l.r, p)
}

// mintURI makes the random address of a follow: the origin and a UUID (federation.md §2.1).
func (i *Instance) mintURI() string {
	var b [16]byte
	if _, err := io.ReadFull(i.world.Rand, b[:]); err != nil {
		// Without randomness the id must still be unique.
		binary.BigEndian.PutUint64(b[:8], uint64(i.world.IDs.Next()))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%s/%x-%x-%x-%x-%x", i.Config.Origin, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// conversation mints the URI of a conversation that begins here: where others can read its posts, or a tag: URI that says
// nothing but that it is one (federation.md §2.1).
func (i *Instance) conversation(a social.Account, id social.ID, at time.Time) string {
	urls := i.Services.URLs
	if i.Config.Policy.Contexts {
		return urls.Context(a, id)
	}
	return fmt.Sprintf("tag:%s,%s:objectId=%d:objectType=Conversation", urls.Host(), at.UTC().Format("2006-01-02"), id)
}

func (i *Instance) newKey(name string) (private, public string, err error) {
	if i.world.Keys != nil {
		private = i.world.Keys(name)
	}
	if private == "" {
		key, err := signature.GenerateRSA(i.world.Rand, 2048)
		if err != nil {
			return "", "", err
		}
		private = signature.MarshalPrivatePEM(key)
	}
	key, err := signature.ParsePrivatePEM(private)
	if err != nil {
		return "", "", fmt.Errorf("key given for %s: %w", name, err)
	}
	public, err = signature.MarshalPublicPEM(&key.PublicKey)
	return private, public, err
}

func (i *Instance) hashPassword(ctx context.Context, p string) (string, error) {
	hash, err := i.hasher.Hash(ctx, p)
	if errors.Is(err, password.ErrTooLong) {
		return "", &social.Error{Kind: social.ErrInvalid, Field: "password", Message: "The password is too long: at most 1,024 bytes are possible."}
	}
	return hash, err
}

func (i *Instance) verifyPassword(ctx context.Context, phc, p string) (bool, error) {
	ok, err := i.hasher.Verify(ctx, phc, p)
	if errors.Is(err, password.ErrTooLong) {
		return false, nil
	}
	return ok, err
}

// resolve finds whom a mention means; somebody unknown elsewhere is asked for.
func (i *Instance) resolve(ctx context.Context, user, domain string) (social.Account, error) {
	domain = i.canonicalDomain(domain)
	if domain == "" || strings.EqualFold(domain, i.Host()) {
		return i.store.AccountByHandle(ctx, user, "")
	}
	return i.pull.ByHandle(ctx, user, domain)
}

func (i *Instance) canonicalDomain(domain string) string {
	if i.Config.Lab != nil && domain != "" {
		return i.Config.Lab.Domain(domain)
	}
	return domain
}

// jitter is a stream of numbers from 0 to 1 for retry times, begun from the world's randomness.
func (i *Instance) jitter() func() float64 {
	var seed [32]byte
	if _, err := io.ReadFull(i.world.Rand, seed[:]); err != nil {
		return nil
	}
	var mu sync.Mutex
	r := rand.New(rand.NewChaCha8(seed))
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64()
	}
}
