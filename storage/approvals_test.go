package storage

import (
	"testing"

	"orrery/social"
)

func TestReplyRulesAndApprovals(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, berta), post(11, alice, replyTo(10, berta)))
		_, err := s.ReplyRule(ctx, 10)
		fails(t, err, social.ErrNotFound)
		ok(t, s.PutReplyRule(ctx, 10, []string{"https://t.test/a", "https://t.test/f"}))
		ok(t, s.PutReplyRule(ctx, 10, []string{"https://t.test/f", "https://t.test/a"}))
		same(t, "who may answer", must(s.ReplyRule(ctx, 10))(t), []string{"https://t.test/f", "https://t.test/a"})
		ok(t, s.PutReplyRule(ctx, 10, nil))
		_, err = s.ReplyRule(ctx, 10)
		fails(t, err, social.ErrNotFound)

		_, err = s.Approval(ctx, 11)
		fails(t, err, social.ErrNotFound)
		ok(t, s.PutApproval(ctx, social.Approval{StatusID: 11, Waits: true}))
		same(t, "it waits", must(s.Approval(ctx, 11))(t), social.Approval{StatusID: 11, Waits: true})
		ok(t, s.PutApproval(ctx, social.Approval{StatusID: 11, URI: "https://t.test/yes"}))
		same(t, "it was allowed", must(s.Approval(ctx, 11))(t), social.Approval{StatusID: 11, URI: "https://t.test/yes"})
		must(s.MarkDeleted(ctx, 11, noon))(t)
		ok(t, s.PurgeStatus(ctx, 11))
		_, err = s.Approval(ctx, 11)
		fails(t, err, social.ErrNotFound)
	})
}
