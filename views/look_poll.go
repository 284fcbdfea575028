package views

import (
	"slices"
	"strconv"
	"time"

	"orrery/social"
)

// mayVote reports whether the viewer is to be asked rather than told.
func (l Look) mayVote(v *social.StatusView) bool {
	return l.Viewer != nil && !l.me(v.Author) && !v.Poll.Over(l.Now) && len(v.Poll.Own) == 0
}

func chosen(p *social.Poll, i int) bool { return slices.Contains(p.Own, i) }

func chooseHint(p *social.Poll) string {
	if p.Multiple {
		return "Choose one or more"
	}
	return "Choose one"
}

// percent is of those who voted, when they are known, else of the votes.
func percent(p *social.Poll, o social.PollOption) int64 {
	all := p.Voters
	if all <= 0 {
		all = p.Votes()
	}
	if all <= 0 {
		return 0
	}
	return min((o.Votes*200+all)/(2*all), 100)
}

func share(p *social.Poll, o social.PollOption, now time.Time) string {
	if p.Secret(now) {
		return "?"
	}
	return strconv.FormatInt(percent(p, o), 10) + " %"
}

func turnout(p *social.Poll) string {
	if p.Voters >= 0 {
		return many(p.Voters, "person voted", "people voted")
	}
	return many(p.Votes(), "vote", "votes")
}

func ending(p *social.Poll, now time.Time) string {
	switch {
	case p.ExpiresAt.IsZero():
		return "open"
	case p.Over(now):
		return "over"
	}
	return "until " + absolute(p.ExpiresAt)
}

// poll is the draft's, or a fresh one for a day.
func (d Draft) poll() social.PollDraft {
	if d.Poll != nil {
		return *d.Poll
	}
	return social.PollDraft{ExpiresIn: 24 * time.Hour}
}

func optionAt(p social.PollDraft, i int) string {
	if i < len(p.Options) {
		return p.Options[i]
	}
	return ""
}

type pollTime struct {
	d    time.Duration
	says string
}

func pollTimes() []pollTime {
	return []pollTime{
		{5 * time.Minute, "5 minutes"}, {30 * time.Minute, "30 minutes"}, {time.Hour, "1 hour"}, {6 * time.Hour, "6 hours"},
		{24 * time.Hour, "1 day"}, {3 * 24 * time.Hour, "3 days"}, {7 * 24 * time.Hour, "7 days"},
	}
}
