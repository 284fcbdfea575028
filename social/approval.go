package social

import (
	"context"
	"errors"
	"slices"
)

// Approval is what a reply needs whose author must be allowed to answer (federation.md §13.3.4).
type Approval struct {
	StatusID ID     // the reply
	URI      string // where the author of what it answers says yes; "" while they have not
	Waits    bool   // a reply written here that only that author was sent
}

// ApprovalStore keeps who may answer posts of other servers, and what was allowed. Lookups return ErrNotFound.
type ApprovalStore interface {
	// PutReplyRule notes who, by URI, may answer a post of another server without being asked: people, or the followers or the
	// following of its author. No rule is kept of an empty who.
	PutReplyRule(ctx context.Context, status ID, who []string) error
	ReplyRule(ctx context.Context, status ID) ([]string, error)
	PutApproval(ctx context.Context, a Approval) error
	Approval(ctx context.Context, reply ID) (Approval, error)
}

// Events of approvals. Subject is the reply of ReplyAllowed, Object what it answers; of ReplyRefused the account that answered,
// and URI the reply, which is not kept.
const (
	ReplyAllowed EventKind = "reply.allowed"
	ReplyRefused EventKind = "reply.refused"
)

// MustAsk reports whether author may answer parent, a post of another server, only when its author says so: who is named in it
// need not ask, and who is among its author's followers cannot prove that to a third server.
func MustAsk(ctx context.Context, tx Tx, author Account, parent Status) (bool, error) {
	if parent.AccountID == author.ID {
		return false, nil
	}
	who, err := tx.ReplyRule(ctx, parent.ID)
	if errors.Is(err, ErrNotFound) || err == nil && slices.Contains(who, author.URI) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	named, err := IsNamed(ctx, tx, parent.ID, author.ID)
	return !named, err
}

// IsNamed reports whether a status names an account in its text.
func IsNamed(ctx context.Context, tx Tx, status, account ID) (bool, error) {
	ms, err := tx.Mentions(ctx, []ID{status})
	return slices.ContainsFunc(ms[status], func(m Mention) bool { return m.AccountID == account && !m.Silent }), err
}

// ask notes that a new reply of this server waits until the author of parent allows it, where it must.
func (s *Statuses) ask(ctx context.Context, tx Tx, author Account, status Status, parent *Status) error {
	if !s.Approvals || parent == nil || parent.Local {
		return nil
	}
	must, err := MustAsk(ctx, tx, author, *parent)
	if err != nil || !must {
		return err
	}
	return tx.PutApproval(ctx, Approval{StatusID: status.ID, Waits: true})
}

// ReceiveApproval lets reply, which waited, go to everybody whom it concerns; uri is where the author of what it answers says yes.
func (s *Statuses) ReceiveApproval(ctx context.Context, tx Tx, reply Status, uri string) error {
	if err := tx.PutApproval(ctx, Approval{StatusID: reply.ID, URI: uri}); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: StatusPublished, Actor: reply.AccountID, Subject: reply.ID, At: s.Now()})
}

// ReceiveRefusal deletes reply, which waited.
func (s *Statuses) ReceiveRefusal(ctx context.Context, tx Tx, reply Status) error {
	return s.RemoveForGood(ctx, tx, reply, EndedRefusal)
}
