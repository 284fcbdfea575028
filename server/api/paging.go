package api

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// Page lengths when nobody asks; at most twice as many are given.
const (
	statusesPage = 20
	accountsPage = 40
)

// page reads the cursors and the limit. since_id counts only without min_id.
func (r *request) page(usual int) (social.Page, error) {
	var p social.Page
	var err error
	if p.Limit, err = r.limit(usual); err != nil {
		return p, err
	}
	if p.MaxID, err = r.params.id("max_id"); err != nil {
		return p, err
	}
	if p.MinID, err = r.params.id("min_id"); err != nil {
		return p, err
	}
	if p.SinceID, err = r.params.id("since_id"); err != nil || p.MinID != 0 {
		p.SinceID = 0
	}
	if p.Limit == 0 { // who wants nothing gets it: no id is below 1, and the store takes 0 for its own default
		p = social.Page{MaxID: 1, Limit: 1}
	}
	return p, err
}

// limit is how many to give; a sign does not count.
func (r *request) limit(usual int) (int, error) {
	n, err := r.params.number("limit", usual)
	return min(max(n, -n), 2*usual), err
}

// maxOffset bounds how much is read to be left out.
const maxOffset = 10_000

// offset is how many to leave out.
func (r *request) offset() (int, error) {
	n, err := r.params.number("offset", 0)
	if err == nil && (n < 0 || n > maxOffset) {
		return 0, malformed("offset must be between 0 and %d.", maxOffset)
	}
	return n, err
}

// linkStatuses adds the Link header of lists that are paged by the ids shown: both ways while there is anything.
func (r *request) linkStatuses(ids []social.ID) {
	if len(ids) > 0 {
		r.Set(fiber.HeaderLink, r.link("next", "max_id", ids[len(ids)-1])+", "+r.link("prev", "min_id", ids[0]))
	}
}

// linkAccounts adds the Link header of lists of people: onwards only after a full page. cursors need not be their ids.
func (r *request) linkAccounts(cursors []social.ID, limit int) {
	if len(cursors) == 0 {
		return
	}
	prev := r.link("prev", "since_id", cursors[0])
	if len(cursors) < limit {
		r.Set(fiber.HeaderLink, prev)
		return
	}
	r.Set(fiber.HeaderLink, r.link("next", "max_id", cursors[len(cursors)-1])+", "+prev)
}

// narrowing are the parameters that a link repeats: those that choose what is listed, never cursors or tokens.
const (
	narrowingWords = "limit local remote only_media url account_id exclude_replies exclude_reblogs tagged include_filtered expand_accounts"
	narrowingLists = "types exclude_types grouped_types any all none"
)

func (r *request) link(rel, cursor string, id social.ID) string {
	query := url.Values{}
	for _, name := range strings.Fields(narrowingWords) {
		if word := r.params.text(name); word != "" {
			query.Set(name, word)
		}
	}
	for _, name := range strings.Fields(narrowingLists) {
		if list := r.params.list(name); len(list) > 0 {
			query[name+"[]"] = list
		}
	}
	query.Set(cursor, id.String())
	path := strings.Clone(r.Path())
	if decoded, err := url.PathUnescape(path); err == nil {
		path = (&url.URL{Path: decoded}).EscapedPath()
	}
	return "<" + r.api.URLs.Origin + path + "?" + query.Encode() + `>; rel="` + rel + `"`
}
