package stream

import (
	"testing"

	"orrery/social"
)

func (l *listener) take() int {
	n := 0
	for {
		select {
		case <-l.out:
			n++
		default:
			return n
		}
	}
}

func ended(l *listener) bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

func listening(t *testing.T, h *Hub, account social.ID, hash, address string) *listener {
	t.Helper()
	l, err := h.open(social.Token{AccountID: account, Hash: hash, Scopes: "read"}, address)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	ch, err := h.channel(t.Context(), l.token, "user", "")
	if err == nil {
		err = l.subscribe(ch)
	}
	if err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	return l
}

func TestHub_cuts_off_who_does_not_read_and_nobody_else(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	slow, quick, other := listening(t, h, 1, "a", ""), listening(t, h, 1, "b", ""), listening(t, h, 2, "c", "")
	got := 0
	for range backlog + 1 {
		h.Hear(social.News{Kind: social.NewsMerged, Feeds: []social.ID{1}})
		h.run.Wait()
		got += quick.take()
	}
	if !ended(slow) || ended(quick) || ended(other) || got != backlog+1 || other.take() != 0 {
		t.Errorf("slow ended %v, quick ended %v with %d of %d, other ended %v", ended(slow), ended(quick), got, backlog+1, ended(other))
	}
	if len(h.listeners) != 2 || h.accounts[1] != 1 || len(h.byKey[own(1)]) != 1 {
		t.Errorf("after it: %d listeners, %d of the first account, %d watch it; want 2, 1, 1", len(h.listeners), h.accounts[1], len(h.byKey[own(1)]))
	}
}

func TestHub_limits_what_one_sender_keeps_open(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	var all []*listener
	for range perAccount {
		all = append(all, listening(t, h, 1, "a", ""))
	}
	if _, err := h.open(social.Token{AccountID: 1}, ""); err == nil {
		t.Errorf("one person opened %d listeners", perAccount+1)
	}
	all[0].close()
	all[0].close()
	listening(t, h, 1, "a", "")
	for i := range perAddress {
		listening(t, h, social.ID(100+i), "x", "192.0.2.1")
	}
	if _, err := h.open(social.Token{AccountID: 2}, "192.0.2.1"); err == nil {
		t.Errorf("one address opened %d listeners", perAddress+1)
	}
	listening(t, h, 2, "b", "192.0.2.2")
}

func TestHub_ends_what_was_taken_back(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	revoked, barred, stays := listening(t, h, 1, "a", ""), listening(t, h, 2, "b", ""), listening(t, h, 1, "c", "")
	h.Hear(social.News{Kind: social.NewsRevoked, Tokens: []string{"a"}})
	h.Hear(social.News{Kind: social.NewsBarred, Feeds: []social.ID{2}})
	h.run.Wait()
	if !ended(revoked) || !ended(barred) || ended(stays) {
		t.Errorf("revoked ended %v, barred ended %v, the other ended %v; want true, true, false", ended(revoked), ended(barred), ended(stays))
	}
	h.Lost()
	if !ended(stays) {
		t.Error("a listener that may have missed something goes on")
	}
	h.Close()
	if _, err := h.open(social.Token{AccountID: 1}, ""); err == nil {
		t.Error("a closed hub opens listeners")
	}
	if len(h.listeners)+len(h.byKey)+len(h.accounts) != 0 {
		t.Errorf("something is left: %d listeners, %d keys, %d accounts", len(h.listeners), len(h.byKey), len(h.accounts))
	}
}
