package lab

import (
	"context"
	"errors"
	"fmt"

	"orrery/activitylog"
	"orrery/server"
	"orrery/social"
)

// Verdict is what those who run a server do about another server or a person.
type Verdict string

// Verdicts. A server is suspended or silenced, and so is a person; the others take it back.
const (
	Suspend   Verdict = "suspend"
	Silence   Verdict = "silence"
	Unsuspend Verdict = "unsuspend"
	Unsilence Verdict = "unsilence"
)

// RefusedError is a wish that a server did not fulfil, with a sentence for the person.
type RefusedError struct{ Sentence string }

func (e *RefusedError) Error() string { return e.Sentence }

// refusal turns the domain's own errors into a RefusedError.
func refusal(err error) error {
	var said *social.Error
	switch {
	case errors.As(err, &said):
		return &RefusedError{said.Message}
	case errors.Is(err, social.ErrNotFound):
		return &RefusedError{"The server knows nobody of that name: settle first, or let somebody search for them."}
	}
	return err
}

// JudgeServer makes those who run by suspend or silence another server, or take it back. Errors: *RefusedError.
func (l *Lab) JudgeServer(ctx context.Context, by, whom string, v Verdict) error {
	h, other := l.Host(by), l.Host(whom)
	if h == nil || other == nil {
		return fmt.Errorf("%s cannot %s %s: there is no such server", by, v, whom)
	}
	ctx, done := h.operator(ctx, map[Verdict]string{Suspend: "Block", Silence: "Block"}[v], other.Instance.Config.Origin)
	defer done()
	m, domain := h.Instance.Services.Moderation, other.Instance.Host()
	if v == Suspend || v == Silence {
		_, err := m.BlockDomain(ctx, social.InstanceActorID, social.DomainBlock{Domain: domain, Severity: social.Severity(v)})
		return refusal(err)
	}
	blocks, err := h.Instance.Services.Store.AllDomainBlocks(ctx)
	if err != nil {
		return fmt.Errorf("what %s blocks: %w", by, err)
	}
	for _, b := range blocks {
		if b.Domain == domain {
			_, err := m.UnblockDomain(ctx, social.InstanceActorID, b.ID)
			return refusal(err)
		}
	}
	return &RefusedError{fmt.Sprintf("%s does not block %s.", by, whom)}
}

// JudgePerson makes those who run by suspend or silence a person whom the server knows, or take it back.
func (l *Lab) JudgePerson(ctx context.Context, by, whom string, v Verdict) error {
	h := l.Host(by)
	if h == nil {
		return fmt.Errorf("%s cannot %s %s: there is no such server", by, v, whom)
	}
	a, err := l.Seen(ctx, by, whom)
	if err != nil {
		return refusal(err)
	}
	ctx, done := h.operator(ctx, string(v), a.URI)
	defer done()
	m := h.Instance.Services.Moderation
	do := map[Verdict]func(context.Context, social.ID, social.ID) error{
		Suspend: m.Suspend, Silence: m.Silence, Unsuspend: m.Unsuspend, Unsilence: m.Unsilence,
	}[v]
	return refusal(do(ctx, social.InstanceActorID, a.ID))
}

// Seen is a person as the server named host keeps them. Errors: social.ErrNotFound.
func (l *Lab) Seen(ctx context.Context, host, person string) (social.Account, error) {
	a, home, err := l.Account(ctx, person)
	if err != nil || home.Name == host {
		return a, err
	}
	return l.Host(host).Instance.Services.Store.AccountByURI(ctx, a.URI)
}

// Standing is what a server keeps about a person.
type Standing struct {
	Known, Silenced, Suspended bool
	MovedTo                    string // URI, "" when they did not move
}

// Stands says how the server named host sees a person.
func (l *Lab) Stands(ctx context.Context, host, person string) (Standing, error) {
	a, err := l.Seen(ctx, host, person)
	if errors.Is(err, social.ErrNotFound) {
		return Standing{}, nil
	}
	if err != nil {
		return Standing{}, fmt.Errorf("%s on %s: %w", person, host, err)
	}
	s := Standing{Known: true, Silenced: !a.SilencedAt.IsZero(), Suspended: a.Suspended()}
	if a.MovedToID == 0 {
		return s, nil
	}
	to, err := l.Host(host).Instance.Services.Store.AccountByID(ctx, a.MovedToID)
	if err != nil {
		return s, fmt.Errorf("where %s moved to, on %s: %w", person, host, err)
	}
	s.MovedTo = to.URI
	return s, nil
}

// Subscribe makes a server ask a relay to carry for it; Unsubscribe leaves it. A relay is known by the inbox of its own actor.
func (l *Lab) Subscribe(ctx context.Context, name, relay string) error {
	h, inbox := l.Host(name), l.Host(relay).Instance.Services.URLs.InstanceActor()+"/inbox"
	ctx, done := h.operator(ctx, "Follow", inbox)
	defer done()
	_, err := h.Instance.Services.Relays.Add(ctx, inbox)
	return refusal(err)
}

// Unsubscribe ends what Subscribe began.
func (l *Lab) Unsubscribe(ctx context.Context, name, relay string) error {
	h, inbox := l.Host(name), l.Host(relay).Instance.Services.URLs.InstanceActor()+"/inbox"
	ctx, done := h.operator(ctx, "Undo", inbox)
	defer done()
	return refusal(h.Instance.Services.Relays.Remove(ctx, inbox))
}

// Move makes to the account that who uses from now on: to names who as an alias first.
func (l *Lab) Move(ctx context.Context, who, to string) error {
	old, from, err := l.Account(ctx, who)
	if err != nil {
		return err
	}
	next, there, err := l.Account(ctx, to)
	if err != nil {
		return err
	}
	claim, done := there.Instance.Recorder.Action(ctx, activitylog.Summary{Type: "Update", Actor: next.URI, Object: next.URI})
	_, err = there.Instance.Services.Moves.Aliases(claim, next.ID, []string{old.URI})
	done()
	if err != nil {
		return refusal(err)
	}
	l.Tick()
	ctx, done = from.Instance.Recorder.Action(ctx, activitylog.Summary{Type: "Move", Actor: old.URI, Object: old.URI})
	defer done()
	_, err = from.Instance.Services.Moves.Begin(ctx, old.ID, next.URI)
	return refusal(err)
}

// SendByHand delivers body as it stands, signed as a person, to the inbox of a person or to the shared one of a server.
// It returns the status of the answer, 0 when there was none.
func (l *Lab) SendByHand(ctx context.Context, who, to string, body []byte, flaw string) (int, error) {
	a, h, err := l.Account(ctx, who)
	if err != nil {
		return 0, err
	}
	var inbox string
	if other := l.Host(to); other != nil {
		inbox = other.Instance.Services.URLs.SharedInbox()
	} else if b, _, err := l.Account(ctx, to); err == nil {
		inbox = b.InboxURL
	} else {
		return 0, err
	}
	return h.Instance.SendByHand(ctx, a.ID, inbox, body, server.Flaw(flaw))
}

// operator notes what those who run h do.
func (h *Host) operator(ctx context.Context, kind, object string) (context.Context, func()) {
	return h.Instance.Recorder.Action(ctx, activitylog.Summary{Type: kind, Actor: h.Instance.Services.URLs.InstanceActor(), Object: object})
}
