package api

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// Bounds of what is counted for staff.
const (
	maxDays    = 1000
	maxPeriods = 200 // of cohorts, which each speak of all later ones
	sharesPage = 10
)

// day is a day that a parameter names: a date, or a moment within it. The zero time when it was not sent.
func (r *request) day(name string) (time.Time, error) {
	word := r.params.text(name)
	if word == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		at, err := time.Parse(layout, strings.Replace(word, " 00:00:00 UTC", "", 1))
		if err == nil && at.Year() > 1970 && at.Year() < 3000 {
			return at.UTC().Truncate(24 * time.Hour), nil
		}
	}
	return time.Time{}, malformed("%s must be a day, such as 2026-01-31.", name)
}

// days are the first and the last day to count; the last month when nobody says and needed is false.
func (r *request) days(needed bool) (from, to time.Time, err error) {
	if from, err = r.day("start_at"); err != nil {
		return from, to, err
	}
	if to, err = r.day("end_at"); err != nil {
		return from, to, err
	}
	if needed && from.IsZero() {
		return from, to, missing("start_at")
	}
	if needed && to.IsZero() {
		return from, to, missing("end_at")
	}
	if to.IsZero() {
		to = r.api.Now().UTC().Truncate(24 * time.Hour)
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, -29)
	}
	if n := int(to.Sub(from)/(24*time.Hour)) + 1; n < 1 || n > maxDays {
		return from, to, malformed("end_at must not lie before start_at, and at most %d days are counted at once.", maxDays)
	}
	return from, to, nil
}

// keys are what to count, each once.
func (r *request) keys() ([]string, error) {
	keys := r.params.list("keys")
	if len(keys) == 0 {
		return nil, missing("keys")
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// countedOf is of which hashtag or domain key is asked, "" for none: hashtags are named by their ids.
func (a *API) countedOf(r *request, key string) (string, error) {
	switch {
	case strings.HasPrefix(key, "instance_"):
		return social.NormalDomain(r.params.text(key + "[domain]")), nil
	case strings.HasPrefix(key, "tag_"):
		id, err := r.params.id(key + "[id]")
		if err != nil {
			return "", err
		}
		tags, err := a.Store.KnownTags(r.ctx)
		if err != nil {
			return "", err
		}
		return social.NameOf(tags, id)
	}
	return "", nil
}

// adminMeasures counts by the day. What is no measure is left out.
func (a *API) adminMeasures(r *request) error {
	keys, err := r.keys()
	if err != nil {
		return err
	}
	from, to, err := r.days(true)
	if err != nil {
		return err
	}
	out := []clientapi.AdminMeasure{}
	for _, key := range keys {
		subject, err := a.countedOf(r, key)
		if err != nil {
			return err
		}
		days, total, known, err := a.Store.Measured(r.ctx, key, subject, from, to)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		var previous *int64
		if !strings.HasPrefix(key, "instance_") { // those are in all
			length := to.Sub(from) + 24*time.Hour
			_, before, _, err := a.Store.Measured(r.ctx, key, subject, from.Add(-length), to.Add(-length))
			if err != nil {
				return err
			}
			previous = &before
		}
		out = append(out, clientapi.FromMeasure(key, days, total, previous, key == "instance_media_attachments", from, to))
	}
	return r.json(out)
}

// adminDimensions says how things are shared out. What is no dimension is left out.
func (a *API) adminDimensions(r *request) error {
	keys, err := r.keys()
	if err != nil {
		return err
	}
	from, to, err := r.days(false)
	if err != nil {
		return err
	}
	limit, err := r.limit(sharesPage)
	if err != nil {
		return err
	}
	out := []clientapi.AdminDimension{}
	for _, key := range keys {
		if key == "software_versions" {
			out = append(out, clientapi.AdminDimension{Key: key, Data: []clientapi.AdminShare{
				{Key: "orrery", HumanKey: "Orrery", Value: a.Info.Version, HumanValue: a.Info.Version},
			}})
			continue
		}
		subject, err := a.countedOf(r, key)
		if err != nil {
			return err
		}
		shares, known, err := a.Store.Shares(r.ctx, key, subject, from, to, limit)
		if err != nil {
			return err
		}
		if known {
			out = append(out, clientapi.FromShares(key, shares, key == "space_usage", a.humanKey(key)))
		}
	}
	return r.json(out)
}

// humanKey names what shares in a dimension.
func (a *API) humanKey(key string) func(string) string {
	return func(name string) string {
		switch key {
		case "servers", "tag_servers":
			return cmp.Or(name, a.domain())
		case "sources":
			return cmp.Or(name, "Website")
		case "languages", "tag_languages", "instance_languages":
			return cmp.Or(name, "Unknown")
		case "space_usage":
			return map[string]string{"media": "Media of posts", "copies": "Copies of what other servers have"}[name]
		}
		return name
	}
}

// adminRetention says how many of those who joined in a period were seen in later ones.
func (a *API) adminRetention(r *request) error {
	from, to, err := r.days(true)
	if err != nil {
		return err
	}
	frequency := r.params.text("frequency")
	var next func(time.Time) time.Time
	switch frequency {
	case "":
		return missing("frequency")
	case "day":
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	case "month":
		from = from.AddDate(0, 0, 1-from.Day())
		next = func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }
	default:
		return malformed("frequency is day or month.")
	}
	var periods []time.Time
	for at := from; !at.After(to); at = next(at) {
		periods = append(periods, at)
	}
	if len(periods) > maxPeriods {
		return malformed("At most %d periods are compared at once: choose months, or fewer days.", maxPeriods)
	}
	cohorts, err := a.Store.Cohorts(r.ctx, from, to)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromCohorts(cohorts, periods, frequency))
}

// previewDomainBlock says what the sender would lose by blocking a server.
func (a *API) previewDomainBlock(r *request) error {
	domain := social.NormalDomain(a.foreign(r.params.text("domain")))
	if domain == "" {
		return missing("domain")
	}
	following, followers, err := a.Store.CountFollows(r.ctx, r.viewer(), domain)
	if err != nil {
		return err
	}
	return r.json(clientapi.DomainBlockPreview{FollowingCount: following, FollowersCount: followers})
}
