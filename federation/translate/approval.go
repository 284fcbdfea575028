package translate

import (
	"orrery/federation/vocab"
	"orrery/social"
)

// choice adds to the document of v who may like, answer and boost it, as programs write that know such a choice, and to a reply
// that was allowed where that can be read (federation.md §13.3.4).
func (w Writer) choice(o vocab.Object, v social.StatusView) vocab.Object {
	if !w.Approvals {
		return o
	}
	answerers := []string{vocab.Public}
	if w.RepliesFollowers {
		answerers = []string{v.Author.URI, v.Author.FollowersURL}
		for _, a := range v.Mentions {
			answerers = append(answerers, a.URI)
		}
	}
	o = o.With("interactionPolicy", vocab.Object{
		{Name: "canLike", Value: approval(vocab.Public)},
		{Name: "canReply", Value: approval(answerers...)},
		{Name: "canAnnounce", Value: approval(vocab.Public)},
	})
	if v.Approval != nil && v.Approval.URI != "" {
		o = o.With("approvedBy", v.Approval.URI)
	}
	return o
}

func choiceTerms() []term {
	return []term{
		{"gts", "https://gotosocial.org/ns#"},
		{"interactionPolicy", id("gts:interactionPolicy")},
		{"canLike", id("gts:canLike")},
		{"canReply", id("gts:canReply")},
		{"canAnnounce", id("gts:canAnnounce")},
		{"automaticApproval", id("gts:automaticApproval")},
		{"approvedBy", id("gts:approvedBy")},
	}
}

// ReplyApproval is the document by which author allows reply to their post answered.
func (w Writer) ReplyApproval(author social.Account, reply, answered social.Status) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, []term{{"gts", "https://gotosocial.org/ns#"}, {"ReplyApproval", "gts:ReplyApproval"}})},
		{Name: "id", Value: replyApproval(author, reply.ID)},
		{Name: "type", Value: "ReplyApproval"},
		{Name: "attributedTo", Value: author.URI},
		{Name: "object", Value: reply.URI},
		{Name: "target", Value: answered.URI},
	}
}

func replyApproval(author social.Account, reply social.ID) string {
	return author.URI + "/reply_approvals/" + number(reply)
}

// AcceptReply tells answerer that author allows the reply, and where that can be read.
func (w Writer) AcceptReply(author, answerer social.Account, reply, answered social.Status) vocab.Object {
	return answerReply("Accept", "#accepts/replies/", author, answerer, reply.ID, reply.URI).
		With("target", answered.URI).With("result", replyApproval(author, reply.ID))
}

// RejectReply tells answerer that author does not allow the reply at uri; id tells refusals apart.
func (w Writer) RejectReply(author, answerer social.Account, id social.ID, uri string) vocab.Object {
	return answerReply("Reject", "#rejects/replies/", author, answerer, id, uri)
}

func answerReply(kind, fragment string, author, answerer social.Account, id social.ID, uri string) vocab.Object {
	return document(vocab.Object{
		{Name: "id", Value: author.URI + fragment + number(id)},
		{Name: "type", Value: kind},
		{Name: "actor", Value: author.URI},
		{Name: "to", Value: []string{answerer.URI}},
		{Name: "cc", Value: []string{vocab.Public, author.FollowersURL}},
		{Name: "object", Value: uri},
	})
}
