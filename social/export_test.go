package social

import "time"

// CheckPoll is PollDraft.check for tests.
func CheckPoll(d *PollDraft) error { return d.check() }

// StalePoll is Polls.stale for tests.
func StalePoll(p *Poll, now time.Time) bool {
	return (&Polls{Now: func() time.Time { return now }}).stale(p)
}
