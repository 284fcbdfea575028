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

// flag is a complaint about people of this server, or about answers to them (federation.md §4.10).
type flag struct{ *Inbox }

// maxFlagged is how many of the things that a report names are looked at.
const maxFlagged = 200

func (h flag) need(ctx context.Context, a *Activity) (rules.ID, error) {
	b, err := h.Domains.Block(ctx, social.HostOf(a.Actor.URI))
	if err != nil || b.RejectReports {
		return rules.DropReportsRefused, err
	}
	return "", nil
}

func (h flag) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	named := a.Doc.Refs("object")
	named = named[:min(len(named), maxFlagged)]
	people, err := tx.AccountsByURI(ctx, named)
	if err != nil {
		return ingest.Outcome{}, err
	}
	var statuses []social.Status
	for _, uri := range named {
		if _, person := people[uri]; person {
			continue
		}
		s, err := tx.StatusByURI(ctx, uri)
		if errors.Is(err, social.ErrNotFound) {
			continue
		}
		if err != nil {
			return ingest.Outcome{}, err
		}
		statuses = append(statuses, s)
	}
	uri := ""
	if translate.SameHost(a.Actor.URI, a.ID) {
		uri = a.ID
	}
	out := ingest.Drop(rules.DropReportNobody, a.Object)
	for _, target := range named {
		who, ok := people[target]
		if !ok {
			continue
		}
		delete(people, target) // it may be named twice
		concerns, err := h.concerns(ctx, tx, who, statuses)
		if err != nil {
			return ingest.Outcome{}, err
		}
		if !concerns {
			continue
		}
		if _, err := h.Moderation.ReceiveReport(ctx, tx, a.Actor, who, statuses, a.Doc.String("content"), uri); err != nil {
			return ingest.Outcome{}, err
		}
		out = ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptReport, Object: target}
	}
	return out, nil
}

// concerns reports whether a complaint about who is this server's business: they live here, or answered somebody here.
func (h flag) concerns(ctx context.Context, tx ingest.Tx, who social.Account, statuses []social.Status) (bool, error) {
	if who.Suspended() || who.ID == social.InstanceActorID {
		return false, nil
	}
	if who.Local() {
		return true, nil
	}
	for _, s := range statuses {
		if s.AccountID != who.ID || s.ReplyToAccountID == 0 {
			continue
		}
		answered, err := tx.AccountByID(ctx, s.ReplyToAccountID)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			return false, err
		}
		if err == nil && answered.Local() {
			return true, nil
		}
	}
	return false, nil
}
