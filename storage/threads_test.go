package storage

import (
	"testing"

	"orrery/social"
)

// thread is 10 ← (11 ← (13, 14 ← 16), 12 ← 15), of several authors.
func thread(t *testing.T, s *Store) {
	people(t, s)
	publish(t, s, post(10, alice), post(11, berta, replyTo(10, alice)), post(12, alice, replyTo(10, alice)),
		post(13, carl, replyTo(11, berta)), post(14, alice, replyTo(11, berta)), post(15, anna, replyTo(12, alice)),
		post(16, berta, replyTo(14, alice)))
}

func TestContext(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		thread(t, s)
		same(t, "ancestors", must(s.Ancestors(ctx, 16, 40))(t), ids(10, 11, 14))
		same(t, "nearest ancestors", must(s.Ancestors(ctx, 16, 2))(t), ids(11, 14))
		same(t, "root has none", len(must(s.Ancestors(ctx, 10, 40))(t)), 0)
		same(t, "descendants", must(s.Descendants(ctx, 10, 60, 4096))(t), ids(11, 13, 14, 16, 12, 15))
		same(t, "first descendants", must(s.Descendants(ctx, 10, 3, 4096))(t), ids(11, 13, 14))
		same(t, "two levels", must(s.Descendants(ctx, 10, 60, 2))(t), ids(11, 13, 14, 12, 15))
		same(t, "leaf", len(must(s.Descendants(ctx, 16, 60, 4096))(t)), 0)
		must(s.MarkDeleted(ctx, 11, noon))(t)
		same(t, "broken chain up", must(s.Ancestors(ctx, 16, 40))(t), ids(14))
		same(t, "broken chain down", must(s.Descendants(ctx, 10, 60, 4096))(t), ids(12, 15))
	})
}

func TestCirclesEnd(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, berta, replyTo(12, carl)), post(11, carl, replyTo(10, berta)), post(12, carl, replyTo(11, carl)),
			post(20, berta, replyTo(20, berta)))
		same(t, "up", must(s.Ancestors(ctx, 10, 4096))(t), ids(11, 12))
		same(t, "down", must(s.Descendants(ctx, 10, 4096, 4096))(t), ids(11, 12))
		same(t, "itself up", len(must(s.Ancestors(ctx, 20, 4096))(t)), 0)
		same(t, "itself down", len(must(s.Descendants(ctx, 20, 4096, 4096))(t)), 0)
	})
}

func TestDirectReplies(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice, replyTo(10, alice)), post(12, alice, replyTo(10, alice), seen(social.Private)),
			post(13, alice, replyTo(10, alice), seen(social.Unlisted)), post(14, berta, replyTo(10, alice)),
			post(15, anna, replyTo(11, alice)), post(16, carl, replyTo(10, alice)))
		of := func(list []social.Status, err error) (out []social.ID) {
			ok(t, err)
			for _, x := range list {
				out = append(out, x.ID)
			}
			return out
		}
		same(t, "self", of(s.SelfReplies(ctx, 10, 0, 60)), ids(11, 13))
		same(t, "self after 11", of(s.SelfReplies(ctx, 10, 11, 60)), ids(13))
		same(t, "self, one", of(s.SelfReplies(ctx, 10, 0, 1)), ids(11))
		same(t, "others", of(s.OtherReplies(ctx, 10, 0, 60)), ids(14, 16))
		same(t, "unknown", len(of(s.OtherReplies(ctx, 99, 0, 60))), 0)
	})
}

func TestAdoptReplies(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		waits := func(x *social.Status) { x.ReplyToURI = "https://academy.test/s/30" }
		publish(t, s, post(11, berta, waits), post(12, carl, waits), post(13, anna, waits, seen(social.Private)), post(14, anna))
		parent := post(30, carl, replyTo(14, anna))
		publish(t, s, parent)
		same(t, "adopted", must(s.AdoptReplies(ctx, parent.URI, parent))(t), ids(11, 12, 13))
		same(t, "nothing more", len(must(s.AdoptReplies(ctx, parent.URI, parent))(t)), 0)
		same(t, "counted", must(s.StatusByID(ctx, 30))(t).RepliesCount, int64(2))
		for id, answered := range map[social.ID]social.ID{11: carl, 12: anna /* carl goes on in his own thread */} {
			x := must(s.StatusByID(ctx, id))(t)
			same(t, "parent and whom it answers", ids(x.ReplyToID, x.ReplyToAccountID), ids(30, answered))
		}
	})
}

func TestInConversation(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		in := func(uri string) func(*social.Status) { return func(x *social.Status) { x.Conversation = uri } }
		publish(t, s, post(10, alice, in("c")), post(11, berta, in("c"), seen(social.Unlisted)), post(12, alice, in("c"), seen(social.Private)),
			post(13, alice, in("d")), post(14, carl, in("")), post(15, carl, in("c")), post(16, anna, in("c")))
		must(s.MarkDeleted(ctx, 15, noon))(t)
		of := func(list []social.Status, err error) (out []social.ID) {
			ok(t, err)
			for _, x := range list {
				out = append(out, x.ID)
			}
			return out
		}
		same(t, "public and unlisted ones", of(s.InConversation(ctx, "c", 0, 60)), ids(10, 11, 16))
		same(t, "after 10, one", of(s.InConversation(ctx, "c", 10, 1)), ids(11))
		same(t, "no conversation is none", len(of(s.InConversation(ctx, "", 0, 60))), 0)
	})
}
