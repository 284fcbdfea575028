package social

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// Trends are computed from what public posts of the last days use; nothing is counted aside. A use weighs half after six
// hours. What one person alone does is no trend, and what staff refused is none either.

// TrendKind says what trends.
type TrendKind string

// Kinds, with what subjects of reviews are.
const (
	TrendTag       TrendKind = "tag"       // its normalised name
	TrendStatus    TrendKind = "status"    // its id
	TrendLink      TrendKind = "link"      // the id of its card
	TrendPublisher TrendKind = "publisher" // a host; all its links
)

// DayUse is how often something was used on one day.
type DayUse struct {
	Day            time.Time // midnight in UTC
	Uses, Accounts int64
}

// HourUse is how many people used subject in one hour.
type HourUse struct {
	Subject  string
	Hour     time.Time
	Accounts int64
}

// PopularStatus is a post that people react to.
type PopularStatus struct {
	ID        ID
	CreatedAt time.Time
	Reactions int64 // boosts and likes
}

// Review is what staff decided.
type Review struct {
	Allowed bool
	At      time.Time
}

// TrendStore counts uses in public posts of people who are neither limited nor suspended, and keeps what staff decided.
type TrendStore interface {
	// TagDays says by tag how it was used on the days since then.
	TagDays(ctx context.Context, tags []string, since time.Time) (map[string][]DayUse, error)
	TagHours(ctx context.Context, since time.Time) ([]HourUse, error)
	// PopularStatuses are public posts, no replies and nothing with a warning, of people who want to be found, with at least
	// least reactions, the most popular first.
	PopularStatuses(ctx context.Context, since time.Time, least int64, limit int) ([]PopularStatus, error)
	Reviews(ctx context.Context, kind TrendKind) (map[string]Review, error)
	PutReview(ctx context.Context, kind TrendKind, subject string, r Review) error
}

// Bounds.
const (
	trendSpan     = 48 * time.Hour // what is looked at
	trendHalf     = 6 * time.Hour
	statusHalf    = 12 * time.Hour
	trendLeast    = 2   // people who use it, or reactions to a post
	maxTrends     = 200 // of a kind
	historyDays   = 7
	trendsFreshly = 15 * time.Second // how long a list serves before it is computed anew
)

// Trends says what people here talk of. Safe for concurrent use.
type Trends struct {
	Store Store
	Now   func() time.Time

	mu    sync.Mutex
	lists map[TrendKind]trendList
}

type trendList struct {
	at       time.Time
	subjects []string
}

// Tags are the hashtags that trend, the strongest first. With all, those that staff refused too.
func (t *Trends) Tags(ctx context.Context, all bool) ([]string, error) {
	return t.list(ctx, TrendTag, all, func() ([]string, error) {
		hours, err := t.Store.TagHours(ctx, t.Now().Add(-trendSpan))
		return t.rank(hours), err
	})
}

// Statuses are the posts that trend.
func (t *Trends) Statuses(ctx context.Context, all bool) ([]ID, error) {
	subjects, err := t.list(ctx, TrendStatus, all, func() ([]string, error) {
		posts, err := t.Store.PopularStatuses(ctx, t.Now().Add(-trendSpan), trendLeast, 5*maxTrends)
		weight := func(p PopularStatus) float64 {
			return float64(p.Reactions) * math.Exp2(-float64(t.Now().Sub(p.CreatedAt))/float64(statusHalf))
		}
		slices.SortStableFunc(posts, func(a, b PopularStatus) int { return cmp.Compare(weight(b), weight(a)) })
		var out []string
		for _, p := range posts {
			out = append(out, p.ID.String())
		}
		return out, err
	})
	var ids []ID
	for _, s := range subjects {
		if id, ok := ParseID(s); ok {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// list is a list that is fresh enough, without what was refused unless all.
func (t *Trends) list(ctx context.Context, kind TrendKind, all bool, compute func() ([]string, error)) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	known, ok := t.lists[kind]
	if age := now.Sub(known.at); !ok || age < 0 || age >= trendsFreshly {
		subjects, err := compute()
		if err != nil {
			return nil, err
		}
		known = trendList{at: now, subjects: subjects[:min(len(subjects), maxTrends)]}
		if t.lists == nil {
			t.lists = map[TrendKind]trendList{}
		}
		t.lists[kind] = known
	}
	if all {
		return known.subjects, nil
	}
	reviews, err := t.Store.Reviews(ctx, kind)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range known.subjects {
		if r, decided := reviews[s]; !decided || r.Allowed {
			out = append(out, s)
		}
	}
	return out, nil
}

// rank orders what was used by enough people, the strongest first.
func (t *Trends) rank(hours []HourUse) []string {
	now, score, people := t.Now(), map[string]float64{}, map[string]int64{}
	for _, h := range hours {
		age := max(now.Sub(h.Hour), 0)
		score[h.Subject] += float64(h.Accounts) * math.Exp2(-float64(age)/float64(trendHalf))
		people[h.Subject] += h.Accounts
	}
	var out []string
	for s := range score {
		if people[s] >= trendLeast {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b))
	})
	return out
}

// History is a week of uses, today first, with the days on which there were none.
func (t *Trends) History(uses []DayUse) []DayUse {
	y, m, d := t.Now().UTC().Date()
	out := make([]DayUse, historyDays)
	for i := range out {
		out[i].Day = time.Date(y, m, d-i, 0, 0, 0, 0, time.UTC)
		for _, u := range uses {
			if u.Day.Equal(out[i].Day) {
				out[i] = u
			}
		}
	}
	return out
}

// weekAgo is the beginning of the first day of a History.
func (t *Trends) weekAgo() time.Time {
	y, m, d := t.Now().UTC().Date()
	return time.Date(y, m, d-historyDays+1, 0, 0, 0, 0, time.UTC)
}

// TagView is a hashtag as one person sees it.
type TagView struct {
	Name                string // normalised
	Display             string // as staff want it written; "" is the name
	History             []DayUse
	Following, Featured bool
}

// Shown is how the hashtag is written.
func (v TagView) Shown() string { return cmp.Or(v.Display, v.Name) }

// TagViews say of hashtags, normalised, how they were used within a week, and what viewer (0: anybody) does with them.
func (t *Trends) TagViews(ctx context.Context, viewer ID, tags []string) ([]TagView, error) {
	days, err := t.Store.TagDays(ctx, tags, t.weekAgo())
	if err != nil {
		return nil, err
	}
	decided, err := t.Store.TagDecisions(ctx, tags)
	if err != nil {
		return nil, err
	}
	var follows map[string]bool
	featured := map[string]bool{}
	if viewer != 0 {
		if follows, err = t.Store.FollowsTags(ctx, viewer, tags); err != nil {
			return nil, err
		}
		own, err := t.Store.FeaturedTags(ctx, viewer)
		if err != nil {
			return nil, err
		}
		for _, f := range own {
			featured[f.Tag] = true
		}
	}
	out := make([]TagView, len(tags))
	for i, tag := range tags {
		out[i] = TagView{Name: tag, Display: decided[tag].Display, History: t.History(days[tag]), Following: follows[tag], Featured: featured[tag]}
	}
	return out, nil
}
