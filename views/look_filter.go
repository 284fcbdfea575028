package views

import "orrery/social"

// caughtBy is what a filter of the viewer's does to a post on a page; action is "" when none does.
type caughtBy struct {
	action social.FilterAction
	title  string
}

// caught asks the filters that count on the page: the strictest is followed. The post that a page is about is never caught, as
// somebody chose to see it.
func (l Look) caught(v *social.StatusView, card Card) caughtBy {
	var worst caughtBy
	if l.Filters == "" || card == "focused" {
		return worst
	}
	strict := map[social.FilterAction]int{social.FilterBlur: 1, social.FilterWarn: 2, social.FilterHide: 3}
	for _, m := range v.Filtered {
		if m.Filter.At(l.Filters) && !m.Filter.Expired(l.Now) && strict[m.Filter.Action] > strict[worst.action] {
			worst = caughtBy{m.Filter.Action, m.Filter.Title}
		}
	}
	return worst
}
