package scenarios

import (
	"fmt"
	"strings"

	"orrery/activitylog"
)

// sequence draws entries as a Mermaid sequence diagram: solid arrows carry something, dashed ones ask for it, crossed ones
// failed. noun gives addresses the names of the script.
func sequence(names activitylog.Names, entries []activitylog.Entry, noun func(uri string) string) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	for _, e := range entries {
		x := e.Exchange
		switch {
		case x.Direction == activitylog.Local:
			about := ""
			if x.Activity.Object != "" {
				about = "(" + plain(noun(x.Activity.Object)) + ")"
			}
			fmt.Fprintf(&b, "  Note over %s: %s%s\n", x.Instance, plain(x.Activity.Type), about)
		case x.Direction == activitylog.Out && !e.Plumbing():
			arrow := map[bool]string{true: "->>", false: "-->>"}[x.Kind == activitylog.Delivery]
			if !taken(e) {
				arrow = map[bool]string{true: "-x", false: "--x"}[x.Kind == activitylog.Delivery]
			}
			what := "GET " + noun(x.URL)
			if x.Kind == activitylog.Delivery {
				what = fmt.Sprintf("%s(%s)", x.Activity.Type, noun(x.Activity.Object))
			}
			fmt.Fprintf(&b, "  %s%s%s: %s\n", x.Instance, arrow, plain(names.Server(x.Peer)), plain(what))
		}
	}
	return b.String()
}

// plain takes out what Mermaid reads as its own.
func plain(s string) string {
	return strings.NewReplacer(";", " ", "#", " ", "\n", " ", ":", " ").Replace(activitylog.Plain(s, 80))
}
