package clientapi

import (
	"time"

	"orrery/social"
)

// FromPoll renders the poll of v, nil when there is none. Tallies that are secret are null.
func FromPoll(v social.StatusView, r Render) *Poll {
	p := v.Poll
	if p == nil {
		return nil
	}
	r.turns(p.ExpiresAt)
	out := &Poll{
		ID: p.StatusID.String(), ExpiresAt: timeOrNull(p.ExpiresAt), Expired: p.Over(r.Now), Multiple: p.Multiple,
		VotesCount: p.Votes(), Options: []PollOption{}, Emojis: []CustomEmoji{},
	}
	if p.Voters >= 0 {
		out.VotersCount = &p.Voters
	}
	for _, o := range p.Options {
		option := PollOption{Title: o.Title}
		if !p.Secret(r.Now) {
			option.VotesCount = &o.Votes
		}
		out.Options = append(out.Options, option)
	}
	if r.Viewer != 0 {
		own := append([]int{}, p.Own...)
		voted := len(own) > 0 || v.Author.ID == r.Viewer
		out.Voted, out.OwnVotes = &voted, &own
	}
	return out
}

func pollLimits() PollLimits {
	return PollLimits{
		MaxOptions: social.MaxPollOptions, MaxCharactersPerOption: social.MaxOptionLength,
		MinExpiration: int(social.MinPollTime / time.Second), MaxExpiration: int(social.MaxPollTime / time.Second),
	}
}
