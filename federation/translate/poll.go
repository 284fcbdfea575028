package translate

import (
	"strconv"
	"time"

	"orrery/federation/vocab"
	"orrery/social"
)

// Poll is what is kept of a remote Question's poll; nil stays nil. One that is over without saying since when ended when it
// arrived.
func Poll(p *vocab.Poll, arrived time.Time) *social.Poll {
	if p == nil {
		return nil
	}
	out := &social.Poll{Multiple: p.Multiple, ExpiresAt: p.End, Voters: p.Voters}
	if p.Closed && (p.End.IsZero() || p.End.After(arrived)) {
		out.ExpiresAt = arrived
	}
	for _, o := range p.Options {
		out.Options = append(out.Options, social.PollOption{Title: o.Name, Votes: o.Votes})
	}
	return out
}

// question adds the end and the number of voters to the note of a poll, in Mastodon's order (federation.md §3.1).
func (w Writer) question(o vocab.Object, p *social.Poll) vocab.Object {
	if !p.ExpiresAt.IsZero() {
		o = o.With("endTime", vocab.Stamp(p.ExpiresAt))
		if p.Over(w.now()) {
			o = o.With("closed", vocab.Stamp(p.ExpiresAt))
		}
	}
	if p.Voters >= 0 {
		o = o.With("votersCount", p.Voters)
	}
	return o
}

// options are the answers, the last member of a Question (federation.md §3.2).
func (w Writer) options(o vocab.Object, p *social.Poll) vocab.Object {
	list := []any{}
	for _, option := range p.Options {
		total := any(option.Votes)
		if p.Secret(w.now()) {
			total = nil
		}
		list = append(list, vocab.Object{
			{Name: "type", Value: "Note"},
			{Name: "name", Value: option.Title},
			{Name: "replies", Value: vocab.Object{{Name: "type", Value: "Collection"}, {Name: "totalItems", Value: total}}},
		})
	}
	if p.Multiple {
		return o.With("anyOf", list)
	}
	return o.With("oneOf", list)
}

func (w Writer) now() time.Time {
	if w.Now == nil {
		return time.Time{}
	}
	return w.Now()
}

// Vote tells the author of a poll what voter chose; id is the vote's row (federation.md §3.2).
func (w Writer) Vote(voter, author social.Account, id social.ID, question social.Status, title string) vocab.Object {
	uri := voter.URI + "#votes/" + id.String()
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: uri + "/activity"},
		{Name: "type", Value: "Create"},
		{Name: "actor", Value: voter.URI},
		{Name: "to", Value: author.URI},
		{Name: "object", Value: vocab.Object{
			{Name: "id", Value: uri},
			{Name: "type", Value: "Note"},
			{Name: "name", Value: title},
			{Name: "attributedTo", Value: voter.URI},
			{Name: "inReplyTo", Value: question.URI},
			{Name: "to", Value: author.URI},
		}},
	}
}

// UpdatePoll tells how the poll of v stands at the time at: the whole Question, addressed by to alone (federation.md §3.2).
func (w Writer) UpdatePoll(v social.StatusView, at time.Time) vocab.Object {
	to, _ := Addresses(v)
	return vocab.Object{
		{Name: "@context", Value: w.NoteContext(v)},
		{Name: "id", Value: v.Status.URI + "#updates/" + strconv.FormatInt(at.Unix(), 10)},
		{Name: "type", Value: "Update"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "to", Value: list(to)},
		{Name: "object", Value: w.Note(v, Replies{})},
	}
}
