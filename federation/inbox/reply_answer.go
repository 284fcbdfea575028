package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/social"
)

// replyAnswered keeps what the author of a post answered to a reply from here that waits for it; mine is false when a answers
// something else (federation.md §13.3.4).
func (in *Inbox) replyAnswered(ctx context.Context, tx ingest.Tx, a *Activity, yes bool) (mine bool, out ingest.Outcome, err error) {
	if !in.Policy.Approvals {
		return false, out, nil
	}
	reply, parent, approval, err := in.waiting(ctx, tx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && parent.AccountID != a.Actor.ID {
		return false, out, nil
	}
	if err != nil {
		return false, out, err
	}
	proof := a.Doc.Ref("result")
	if proof == "" {
		proof = a.ID // of programs in which the Accept itself is the proof
	}
	switch {
	case !approval.Waits:
		return true, ingest.Drop(rules.DropDuplicate, reply.URI), nil
	case yes && !translate.SameHost(a.Actor.URI, proof):
		return true, ingest.Drop(rules.OriginMismatch, reply.URI), nil
	}
	out = ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptReplyAnswer, Object: reply.URI}
	if yes {
		return true, out, in.Statuses.ReceiveApproval(ctx, tx, reply, proof)
	}
	return true, out, in.Statuses.ReceiveRefusal(ctx, tx, reply)
}

// waiting is the reply of this server at uri that needs an approval, and what it answers. Errors: ErrNotFound.
func (in *Inbox) waiting(ctx context.Context, tx ingest.Tx, uri string) (reply, parent social.Status, a social.Approval, err error) {
	if reply, err = tx.StatusByURI(ctx, uri); err != nil {
		return reply, parent, a, err
	}
	if a, err = tx.Approval(ctx, reply.ID); err != nil {
		return reply, parent, a, err
	}
	parent, err = tx.StatusByID(ctx, reply.ReplyToID)
	return reply, parent, a, err
}
