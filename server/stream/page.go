package stream

import (
	"context"
	"encoding/json"

	"orrery/social"
)

// Page is a listener for one of our own pages: it hears which posts come into a timeline, change and go, and draws them itself.
type Page struct{ l *listener }

// Page opens a listener on a stream, as Follow does; viewer is 0 for a stranger, who can hear public streams. sender is who is
// counted, "" for nobody. Close it in any case. Errors: *Refused, social.ErrThrottled.
func (h *Hub) Page(ctx context.Context, viewer social.ID, sender, name, argument string) (*Page, error) {
	token := social.Token{AccountID: viewer, Scopes: "read:statuses"}
	c, err := h.channel(ctx, token, name, argument)
	if err != nil {
		return nil, err
	}
	l, err := h.open(token, sender)
	if err != nil {
		return nil, err
	}
	if err := l.subscribe(c); err != nil {
		l.close()
		return nil, err
	}
	return &Page{l}, nil
}

// Next waits for the next event, update, status.update or delete, and says which post it is about; false when the listener has
// ended or stop is closed.
func (p *Page) Next(stop <-chan struct{}) (event string, status social.ID, more bool) {
	for {
		select {
		case <-p.l.done: // what is still on its way is not for one who has left
			return "", 0, false
		default:
		}
		select {
		case <-stop:
			return "", 0, false
		case <-p.l.done:
			return "", 0, false
		case m := <-p.l.out:
			about := m.payload
			switch m.event {
			case "delete":
			case "update", "status.update":
				var s struct{ ID string }
				if json.Unmarshal([]byte(m.payload), &s) != nil {
					continue
				}
				about = s.ID
			default: // what else a home hears
				continue
			}
			if id, ok := social.ParseID(about); ok {
				return m.event, id, true
			}
		}
	}
}

// Close ends p.
func (p *Page) Close() { p.l.close() }
