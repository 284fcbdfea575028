package ingest

import (
	"context"
	"errors"

	"orrery/federation/fetch"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// maxAnswerers bounds what is kept of who may answer one post.
const maxAnswerers = 50

// keepReplyRule notes who may answer the post s without being asked, where its document lets only some (federation.md §13.3.4).
func (g *Ingest) keepReplyRule(ctx context.Context, tx Tx, s social.Status, n vocab.Note) error {
	if !g.Policy.Approvals || n.CanReply == nil {
		return nil
	}
	var who []string
	for _, uri := range n.CanReply.Automatic {
		if vocab.IsPublic(uri) {
			return tx.PutReplyRule(ctx, s.ID, nil)
		}
		if translate.IsHTTP(uri) && len(who) < maxAnswerers {
			who = append(who, uri)
		}
	}
	if len(who) == 0 {
		who = []string{n.AttributedTo} // nobody but the author, or whom they allow
	}
	return tx.PutReplyRule(ctx, s.ID, who)
}

// answering is how author stands to the choice who may answer parent.
func (g *Ingest) answering(ctx context.Context, tx Tx, n vocab.Note, author social.Account, parent *social.Status, need Needed) (policy.Answering, error) {
	if !g.Policy.Approvals || parent == nil || parent.AccountID == author.ID || ballot(n, *parent) {
		return policy.AnswerFree, nil
	}
	if !parent.Local {
		must, err := social.MustAsk(ctx, tx, author, *parent)
		switch {
		case err != nil || !must:
			return policy.AnswerFree, err
		case need.Approved:
			return policy.AnswerProved, nil
		}
		return policy.AnswerUnproved, nil
	}
	if !g.Policy.RepliesFollowers {
		return policy.AnswerFree, nil
	}
	if named, err := social.IsNamed(ctx, tx, parent.ID, author.ID); err != nil || named {
		return policy.AnswerFree, err
	}
	follows, err := tx.FollowedBy(ctx, parent.AccountID, []social.ID{author.ID})
	if err == nil && follows[author.ID] {
		return policy.AnswerAllowed, nil
	}
	return policy.AnswerRefused, err
}

// ballot reports whether n looks like a vote, which nobody needs to be allowed.
func ballot(n vocab.Note, parent social.Status) bool {
	return parent.ObjectType == "Question" && n.Name != "" && n.Content == ""
}

// tellAnswer leaves to tell author, who answers parent, whether they may. What was asked for is not answered.
func (g *Ingest) tellAnswer(ctx context.Context, tx Tx, a policy.Answering, parent *social.Status, author social.Account, reply social.ID, uri string) error {
	switch a {
	case policy.AnswerAllowed:
		return tx.AppendEvent(ctx, social.Event{Kind: social.ReplyAllowed, Actor: parent.AccountID, Subject: reply, Object: parent.ID, At: g.Now()})
	case policy.AnswerRefused:
		return tx.AppendEvent(ctx, social.Event{Kind: social.ReplyRefused, Actor: parent.AccountID, Subject: author.ID, Object: g.NewID(), URI: uri, At: g.Now()})
	}
	return nil
}

// approved asks whether the author of what n answers allowed it, where n says so and that post is one of another server.
func (g *Ingest) approved(ctx context.Context, n vocab.Note) (bool, error) {
	if !g.Policy.Approvals || n.ApprovedBy == "" {
		return false, nil
	}
	parent, err := g.Store.StatusByURI(ctx, n.InReplyTo)
	if errors.Is(err, social.ErrNotFound) || err == nil && parent.Local {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := g.Store.ReplyRule(ctx, parent.ID); err != nil {
		if errors.Is(err, social.ErrNotFound) {
			err = nil // everybody may
		}
		return false, err
	}
	author, err := g.Store.AccountByID(ctx, parent.AccountID)
	if err != nil || !translate.SameHost(author.URI, n.ApprovedBy) {
		return false, err
	}
	doc, err := g.Document(ctx, n.ApprovedBy, 0, rules.FetchReplyApproval)
	if errors.Is(err, fetch.ErrUnreachable) {
		return false, err
	}
	return err == nil && Approves(doc, author, n.ID, parent.URI), nil
}

// Approves reports whether doc says that author allows the reply to one of their posts.
func Approves(doc vocab.Doc, author social.Account, reply, answered string) bool {
	target := doc.Ref("target")
	return doc.SpeaksActivityStreams() && doc.Is("ReplyApproval") && doc.Ref("attributedTo") == author.URI &&
		doc.Ref("object") == reply && (target == "" || target == answered)
}
