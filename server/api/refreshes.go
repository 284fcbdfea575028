package api

import (
	"fmt"

	"orrery/clientapi"
	"orrery/social"
)

// refreshRetry is how many seconds an app should wait before it asks about a search.
const refreshRetry = 3

// announceRefresh tells the app of a search that runs, so that it can ask when there is more to see.
func (r *request) announceRefresh(c *social.Crawl) {
	if c != nil {
		r.Set("Mastodon-Async-Refresh", fmt.Sprintf(`id="%s", retry=%d, result_count=%d`, c.ID, refreshRetry, c.Found))
	}
}

// showRefresh says how far a search is: one hour long after it ended, a day at most while it runs.
func (a *API) showRefresh(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	c, err := a.Store.CrawlByID(r.ctx, id)
	if err != nil {
		return err
	}
	if !c.Told(a.Now()) {
		return errNotFound
	}
	return r.json(clientapi.FromCrawl(c))
}
