package social

import (
	"context"
	"time"
)

// Measures and dimensions are what staff count, by the names of the client API. Some are of one hashtag or one domain.

// DayCount is what was counted on one day.
type DayCount struct {
	Day   time.Time // midnight in UTC
	Count int64
}

// Share is how much one of several things has of what was counted. Key is its name or code; "" where it has none.
type Share struct {
	Key   string
	Count int64
}

// Cohort is how many of the people who joined on one day were seen on another and not later.
type Cohort struct {
	Joined, Seen time.Time // days
	People       int64
}

// MeasureStore counts, from the day of from to the end of the one of to.
type MeasureStore interface {
	// Measured counts what measure names, by the day and over all the days; of instances over all time. known is false for
	// what is no measure. subject is a hashtag or a domain.
	Measured(ctx context.Context, measure, subject string, from, to time.Time) (days []DayCount, total int64, known bool, err error)
	// Shares are the largest, at most limit.
	Shares(ctx context.Context, dimension, subject string, from, to time.Time, limit int) (shares []Share, known bool, err error)
	// Cohorts are of the people here who joined on these days.
	Cohorts(ctx context.Context, from, to time.Time) ([]Cohort, error)
	// CountFollows counts whom account follows on a server, and who follows account from there.
	CountFollows(ctx context.Context, account ID, domain string) (following, followers int64, err error)
}
