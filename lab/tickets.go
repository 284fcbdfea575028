package lab

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ticketLife is how long a one-click sign-in may take.
const ticketLife = time.Minute

// tickets let a person in on their own host, once each. They live in memory: a restart only costs another click.
type tickets struct {
	mu   sync.Mutex
	open map[string]ticket
}

type ticket struct {
	person  string
	expires time.Time
}

// ErrTicket says that a ticket is unknown, used or too old.
var ErrTicket = errors.New("this way in has been used or is older than a minute. Go back to the lab's home and click again")

// Enter mints a ticket for a person, "alice" or "alice@academy", and returns the address on their host that takes it.
func (l *Loopback) Enter(_ context.Context, person string) (string, error) {
	name, at, _ := strings.Cut(person, "@")
	p, h, err := l.Lab().Find(name)
	if err != nil || at != "" && at != p.Server {
		return "", fmt.Errorf("nobody in this lab is called %q", person)
	}
	var secret [24]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("make a ticket: %w", err)
	}
	t := base64.RawURLEncoding.EncodeToString(secret[:])
	now := l.Lab().Clock.Now()
	l.tickets.mu.Lock()
	defer l.tickets.mu.Unlock()
	if l.tickets.open == nil {
		l.tickets.open = map[string]ticket{}
	}
	for k, old := range l.tickets.open {
		if now.After(old.expires) {
			delete(l.tickets.open, k)
		}
	}
	l.tickets.open[t] = ticket{person: name, expires: now.Add(ticketLife)}
	return h.Instance.Config.Origin + "/lab/enter?ticket=" + url.QueryEscape(t), nil
}

// UseTicket opens a session for the ticket's person on host, the host they live on.
func (l *Loopback) UseTicket(ctx context.Context, host, secret string) (cookie, redirect string, err error) {
	l.tickets.mu.Lock()
	t, ok := l.tickets.open[secret]
	delete(l.tickets.open, secret)
	l.tickets.mu.Unlock()
	if !ok || l.Lab().Clock.Now().After(t.expires) {
		return "", "", ErrTicket
	}
	a, h, err := l.Lab().Account(ctx, t.person)
	if err != nil {
		return "", "", err
	}
	if !strings.EqualFold(h.Instance.Host(), host) {
		return "", "", ErrTicket
	}
	cookie, err = h.Instance.Services.SignIns.Open(ctx, a.ID)
	return cookie, "/home", err
}
