package clientapi

import "orrery/social"

// FromQuote renders what v quotes, nil for nothing. What is shown inside another post names what it quotes by id.
func FromQuote(v social.StatusView, inside bool, r Render) *Quote {
	if v.Quote == nil {
		return nil
	}
	out := &Quote{State: string(v.Quote.State)}
	if inside {
		out.QuotedStatusID = id(v.Quote.Quote.QuotedID)
		return out
	}
	if v.Quote.Shown != nil {
		shown := fromStatus(*v.Quote.Shown, true, r)
		out.QuotedStatus = &shown
	}
	return out
}

// quoteApproval says who may quote v, and whether the viewer may.
func quoteApproval(v social.StatusView, r Render) Approval {
	p := v.Status.Quotable()
	out := Approval{Automatic: append([]string{}, p.Automatic()...), Manual: append([]string{}, p.Manual()...), CurrentUser: v.Viewer.Quoting}
	if out.CurrentUser == "" {
		out.CurrentUser = social.MayQuote(v.Status, r.Viewer, social.Relationship{})
	}
	return out
}

// quotePolicy is the default of u.
func quotePolicy(u social.User) string {
	if u.DefaultQuotes == "" {
		return string(social.QuotableByAll)
	}
	return string(u.DefaultQuotes)
}
