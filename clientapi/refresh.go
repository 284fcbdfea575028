package clientapi

import "orrery/social"

// AsyncRefresh is how far something is that goes on after an answer.
type AsyncRefresh struct {
	ID          string `json:"id"`
	Status      string `json:"status"`       // running, finished
	ResultCount *int64 `json:"result_count"` // null where results are not counted
}

// AsyncRefreshAnswer wraps it, as Mastodon does.
type AsyncRefreshAnswer struct {
	AsyncRefresh AsyncRefresh `json:"async_refresh"`
}

// FromCrawl renders the search for replies below an opened status.
func FromCrawl(c social.Crawl) AsyncRefreshAnswer {
	r := AsyncRefresh{ID: c.ID.String(), Status: "running", ResultCount: &c.Found}
	if !c.FinishedAt.IsZero() {
		r.Status = "finished"
	}
	return AsyncRefreshAnswer{r}
}
