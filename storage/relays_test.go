package storage

import (
	"testing"

	"orrery/social"
)

func TestRelays(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		one := social.Relay{ID: 1, Inbox: "https://relay.test/inbox", State: social.RelayPending, FollowURI: "https://alpha.test/1", CreatedAt: noon}
		two := social.Relay{ID: 2, Inbox: "https://other.test/inbox", State: social.RelayIdle, CreatedAt: noon}
		ok(t, s.InsertRelay(ctx, one))
		ok(t, s.InsertRelay(ctx, two))
		fails(t, s.InsertRelay(ctx, social.Relay{ID: 3, Inbox: one.Inbox, State: social.RelayIdle}), social.ErrConflict)
		same(t, "relays", must(s.Relays(ctx))(t), []social.Relay{one, two})
		same(t, "by follow", must(s.RelayByFollow(ctx, one.FollowURI))(t), one)
		_, err := s.RelayByFollow(ctx, "") // which an idle one does not answer to
		fails(t, err, social.ErrNotFound)

		one.State, one.FollowURI = social.RelayAccepted, "https://alpha.test/2"
		ok(t, s.UpdateRelay(ctx, one))
		same(t, "by inbox", must(s.RelayByInbox(ctx, one.Inbox))(t), one)
		ok(t, s.DeleteRelay(ctx, two.ID))
		same(t, "relays", must(s.Relays(ctx))(t), []social.Relay{one})
		_, err = s.RelayByInbox(ctx, two.Inbox)
		fails(t, err, social.ErrNotFound)
		fails(t, s.UpdateRelay(ctx, two), social.ErrNotFound)
		fails(t, s.DeleteRelay(ctx, two.ID), social.ErrNotFound)
	})
}
