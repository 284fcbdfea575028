package activitylog

import (
	"context"
	"sync"
)

// Namer is a Source that knows how the accounts it has met are called.
type Namer interface {
	// Username of the account whose id is uri; "" when it is not known.
	Username(ctx context.Context, uri string) (string, error)
}

// usernames remembers how actors are called whose address is a number. Nobody's changes while their address stays, but for a
// remote server's whim, which the next start of the program sees.
type usernames struct {
	mu    sync.Mutex
	names map[string]string
}

const peopleKept = 10_000

func (p *usernames) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names = nil
}

func (p *usernames) remembered(uri string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.names[uri]
}

func (p *usernames) remember(uri, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil || len(p.names) == peopleKept {
		p.names = map[string]string{}
	}
	p.names[uri] = name
}

// username asks the instances, one after the other, who uri is. It is best effort: the number is a name too. It takes no
// context since words are asked for where there is none; it reads at most one row of each instance.
func (l *Log) username(uri string) string {
	if name := l.usernames.remembered(uri); name != "" {
		return name
	}
	for _, s := range l.all() {
		n, ok := s.Source.(Namer)
		if !ok {
			continue
		}
		if name, err := n.Username(context.Background(), uri); err == nil && name != "" {
			l.usernames.remember(uri, name)
			return name
		}
	}
	return ""
}
