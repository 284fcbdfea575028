package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orrery/clientapi"
	"orrery/social"
)

// deliver hands n to those whom it concerns and who may see it. What is gone by now is told to nobody.
func (h *Hub) deliver(ctx context.Context, n social.News) error {
	var err error
	switch n.Kind {
	case social.NewsArrived, social.NewsEdited:
		err = errors.Join(h.toFeeds(ctx, n), h.toEverybody(ctx, n))
	case social.NewsDeleted:
		ws := h.watching(keysOf(home, n.Feeds)...)
		if n.Public {
			ws = append(ws, h.watchingPublic()...)
		}
		h.hand(ws, "delete", n.Subject.String())
	case social.NewsNotification:
		err = h.toOwner(n, notes, "notification", func(owner social.ID) (any, error) {
			v, err := h.reader().Notification(ctx, owner, n.Subject)
			return clientapi.FromNotification(v, h.Render(owner)), err
		})
	case social.NewsTalk:
		err = h.toOwner(n, talks, "conversation", func(owner social.ID) (any, error) {
			t, err := h.Store.TalkByID(ctx, owner, n.Subject)
			if err != nil {
				return nil, err
			}
			vs, err := h.reader().Talks(ctx, owner, []social.Talk{t})
			if err != nil {
				return nil, err
			}
			return clientapi.FromTalk(vs[0], h.Render(owner)), nil
		})
	case social.NewsMerged:
		h.hand(h.watching(keysOf(own, n.Feeds)...), "notifications_merged", "1")
	case social.NewsFilters:
		h.hand(h.watching(keysOf(own, n.Feeds)...), "filters_changed", "null") // programs parse what should be nothing
	case social.NewsAnnounced, social.NewsWithdrawn, social.NewsReacted:
		err = h.announce(ctx, n)
	case social.NewsRevoked, social.NewsBarred:
		h.shut(n)
	}
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	return err
}

func (h *Hub) reader() *social.Reader { return &social.Reader{Store: h.Store} }

func keysOf(key func(social.ID) string, ids []social.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = key(id)
	}
	return out
}

// toOwner hands what render makes to the one account that n concerns.
func (h *Hub) toOwner(n social.News, key func(social.ID) string, event string, render func(owner social.ID) (any, error)) error {
	for _, owner := range n.Feeds {
		ws := h.watching(key(owner))
		if len(ws) == 0 {
			continue
		}
		v, err := render(owner)
		if err != nil {
			return err
		}
		if err := h.handEntity(ws, event, v); err != nil {
			return err
		}
	}
	return nil
}

// toFeeds hands a status to those who watch a home or list that it is in.
func (h *Hub) toFeeds(ctx context.Context, n social.News) error {
	byViewer := map[social.ID][]*watch{}
	for _, w := range h.watching(keysOf(home, n.Feeds)...) {
		byViewer[w.token.AccountID] = append(byViewer[w.token.AccountID], w)
	}
	var shared string    // what all see who cannot have done anything with it yet
	var author social.ID // sees it otherwise
	for viewer, ws := range byViewer {
		filters, err := h.Store.Filters(ctx, viewer)
		if err != nil {
			return err
		}
		if shared != "" && viewer != author && len(filters) == 0 {
			h.hand(ws, event(n), shared)
			continue
		}
		v, err := h.reader().Status(ctx, viewer, n.Subject)
		if errors.Is(err, social.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		payload, err := encode(clientapi.FromStatus(v, h.Render(viewer)))
		if err != nil {
			return err
		}
		if n.Kind == social.NewsArrived && len(filters) == 0 && alike(v, viewer) {
			shared, author = payload, v.Author.ID
		}
		h.hand(ws, event(n), payload)
	}
	return nil
}

// alike reports whether everybody without filters, but its author, sees a new v as viewer does: nobody has liked, boosted or pinned it, nor
// voted, nor muted its conversation, which it begins.
func alike(v social.StatusView, viewer social.ID) bool {
	return v.Boost == nil && !v.Status.Reply() && v.Author.ID != viewer
}

// toEverybody hands a public status to those who watch public streams, but for those who asked not to meet its author. It
// is the same for all, without what a viewer did.
func (h *Hub) toEverybody(ctx context.Context, n social.News) error {
	if !n.Public || len(h.watchingPublic()) == 0 {
		return nil
	}
	v, err := h.reader().Status(ctx, 0, n.Subject)
	if err != nil {
		return err
	}
	ws := h.watching(publicKeys(v)...)
	viewers := map[social.ID]bool{}
	for _, w := range ws {
		viewers[w.token.AccountID] = true
	}
	author := []social.ID{v.Author.ID}
	shunned, err := h.Store.Shunning(ctx, sorted(viewers), author, author, author)
	if err != nil {
		return err
	}
	foreign, err := h.Store.NotReading(ctx, sorted(viewers), v.Status.Language)
	if err != nil {
		return err
	}
	ws = slices.DeleteFunc(ws, func(w *watch) bool {
		return shunned[w.token.AccountID] && w.token.AccountID != v.Author.ID || foreign[w.token.AccountID] && strings.HasPrefix(w.name[0], "public")
	})
	return h.handEntity(ws, event(n), clientapi.FromStatus(v, h.Render(0)))
}

func sorted(set map[social.ID]bool) []social.ID {
	ids := make([]social.ID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// publicKeys are the public streams that v belongs to (federation.md §10.1): hashtags, and unless it answers somebody else
// the timelines of the instance.
func publicKeys(v social.StatusView) []string {
	var keys []string
	for _, tag := range v.Tags {
		keys = append(keys, tagged("hashtag", tag))
		if v.Author.Local() {
			keys = append(keys, tagged("hashtag:local", tag))
		}
	}
	if v.Status.Reply() && v.Status.ReplyToAccountID != v.Author.ID {
		return keys
	}
	side := "public:remote"
	if v.Author.Local() {
		side = "public:local"
	}
	keys = append(keys, "public", side)
	if len(v.Attachments) > 0 {
		keys = append(keys, "public:media", side+":media")
	}
	return keys
}

func event(n social.News) string {
	if n.Kind == social.NewsEdited {
		return "status.update"
	}
	return "update"
}

// shut ends the listeners of tokens that have ended and of accounts that may not sign in any more.
func (h *Hub) shut(n social.News) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if slices.Contains(n.Tokens, l.token.Hash) || slices.Contains(n.Feeds, l.token.AccountID) {
			h.drop(l)
		}
	}
}

// watching are the watches of any of keys.
func (h *Hub) watching(keys ...string) []*watch {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*watch
	for _, key := range keys {
		for w := range h.byKey[key] {
			out = append(out, w)
		}
	}
	return out
}

// watchingPublic are those of all public streams.
func (h *Hub) watchingPublic() []*watch {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*watch
	for key, ws := range h.byKey {
		if strings.HasPrefix(key, "public") || strings.HasPrefix(key, "hashtag") {
			for w := range ws {
				out = append(out, w)
			}
		}
	}
	return out
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode a %T for streams: %w", v, err)
	}
	return string(b), nil
}

func (h *Hub) handEntity(ws []*watch, event string, v any) error {
	payload, err := encode(v)
	if err == nil {
		h.hand(ws, event, payload)
	}
	return err
}

// hand gives an event to each of ws, once even if it came by several keys. Who has no room for it is cut off.
func (h *Hub) hand(ws []*watch, event, payload string) {
	frames, given := map[string][]byte{}, map[*watch]bool{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, w := range ws {
		if given[w] {
			continue
		}
		given[w] = true
		frame, ok := frames[w.id()]
		if !ok {
			frame, _ = json.Marshal(struct { // strings always can
				Stream  []string `json:"stream"`
				Event   string   `json:"event"`
				Payload string   `json:"payload"`
			}{w.name, event, payload})
			frames[w.id()] = frame
		}
		select {
		case w.out <- message{event, payload, frame}:
		default:
			h.drop(w.listener)
		}
	}
}
