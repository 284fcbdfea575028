package api

import (
	"strconv"
	"time"
)

// deprecated says since when a route has one that should be used instead: apps warn their makers by it. The days are Mastodon's
// where it tells them, else the day of the release that brought the other route.
func (rt route) deprecated() (time.Time, bool) {
	day := func(y int, m time.Month, d int) (time.Time, bool) {
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), true
	}
	switch rt.path {
	case "/v1/instance", "/v1/filters", "/v1/filters/:id":
		return day(2022, 11, 14)
	case "/v1/trends":
		return day(2022, 3, 30)
	case "/v1/suggestions":
		return day(2021, 11, 26)
	case "/v1/media":
		return day(2019, 10, 6)
	case "/v1/notifications/policy":
		return day(2024, 10, 8)
	case "/v1/endorsements", "/v1/accounts/:id/pin", "/v1/accounts/:id/unpin":
		return day(2025, 7, 8)
	}
	return time.Time{}, false
}

// warn tells that the route of r will go.
func (r *request) warn(rt route) {
	if since, old := rt.deprecated(); old {
		r.Set("Deprecation", "@"+strconv.FormatInt(since.Unix(), 10))
	}
}
