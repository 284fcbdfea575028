package social

import "time"

// Services is everything an instance's faces (client API, pages) ask of the domain.
type Services struct {
	Store      Store
	Reader     *Reader
	Accounts   *Accounts
	Statuses   *Statuses
	Follows    *Follows
	Reactions  *Reactions
	Polls      *Polls
	Quotes     *Quotes // nil when this instance knows no quotes
	Features   *Features
	Media      *Media
	Elsewhere  *Elsewhere
	Blocks     *Blocks
	Mutes      *Mutes
	Regards    *Regards
	Lists      *Lists
	Filters    *Filters
	Schedule   *Schedule
	SignIns    *SignIns
	Grants     *Grants
	Searches   *Searches
	Domains    *Domains
	Moderation *Moderation
	Moves      *Moves
	Relays     *Relays
	Imports    *Imports
	Trends     *Trends

	Announcements *Announcements
	URLs          URLs
	Now           func() time.Time
}
