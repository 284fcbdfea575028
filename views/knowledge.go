package views

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
)

// MatrixPage is who knows what: posts below each other, servers beside each other.
type MatrixPage struct {
	Page
	Names  activitylog.Names
	Matrix knowledge.Matrix
	Object string // the post whose thread is shown, "" for all posts
	At     int64  // position of the log that is shown
	Latest int64
	// Earlier and Later are the positions of the neighbouring changes, 0 for none; Older is where the page before begins.
	Earlier, Later, Older int64
}

// address is the matrix with another position or page.
func (p MatrixPage) address(ctx context.Context, at, before int64) string {
	v := url.Values{}
	if p.Object != "" {
		v.Set("object", p.Object)
	}
	if at > 0 {
		v.Set("at", strconv.FormatInt(at, 10))
	}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	return LogAddress(Place(ctx)+"/matrix", v)
}

// share is how many of all pairs know.
func (p MatrixPage) share() string {
	if p.Matrix.Pairs == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d pairs of post and server know (%d %%).", p.Matrix.Have, p.Matrix.Pairs, 100*p.Matrix.Have/p.Matrix.Pairs)
}

// column is how many of the posts a server has.
func (p MatrixPage) column(n int) string {
	have := 0
	for _, r := range p.Matrix.Rows {
		if r.Cells[n].State.Has() {
			have++
		}
	}
	return fmt.Sprintf("%d of %d", have, len(p.Matrix.Rows))
}

// WhyPage is an answer with what proves it.
type WhyPage struct {
	Page
	Names    activitylog.Names
	Question knowledge.Question
	Answer   knowledge.Answer
	Row      knowledge.Row
	Entries  map[activitylog.ID]activitylog.Entry
	Trial    *WhyTrial // nil where nothing can be tried out
}

// WhyTrial is how far it is to try out what would have changed an answer.
type WhyTrial struct {
	Offered, Ended bool // neither: it waits or is under way
	Place, Done    int
	Stopped        string            // why it came to nothing
	Change         *knowledge.Change // that altered the outcome, nil when none did
	InVain         []string          // changes that did not
}

// MatrixAddress is the matrix of the thread that a post belongs to.
func MatrixAddress(ctx context.Context, object string) string {
	return LogAddress(Place(ctx)+"/matrix", url.Values{"object": {object}})
}

// WhyAddress is where a question is answered.
func WhyAddress(ctx context.Context, q knowledge.Question) string {
	return LogAddress(Place(ctx)+"/why", asking(q))
}

func asking(q knowledge.Question) url.Values {
	v := url.Values{"object": {q.Object}, "server": {q.Server}}
	if q.Of != "" {
		v.Set("of", q.Of)
	}
	if q.Actor != "" {
		v.Set("by", q.Actor)
	}
	return v
}

// whyAddress asks why about a post and a server; of is "" for the post itself.
func whyAddress(ctx context.Context, object, server, of string) string {
	return WhyAddress(ctx, knowledge.Question{Object: object, Server: server, Of: of})
}

// glyphs say by shape what the word beside them says.
var glyphs = map[string]string{
	"written here": "●", "delivered": "→", "forwarded": "⇒", "gap-filled": "↑", "fetched": "⇢", "searched": "⌕", "missing": "–", "deleted": "✗", "withheld": "⊘",
	"handed on by the owner": "⇛", "read from a history": "≡", "walked to": "↓", "announced by the group": "⇛", "polled": "↻", "relayed": "⇉",
}

// glyph is the sign of a cell.
func glyph(c knowledge.Cell) string {
	switch c.State {
	case knowledge.Unknown:
		return glyphs["missing"]
	case knowledge.Gone:
		return glyphs["deleted"]
	case knowledge.Withheld:
		return glyphs["withheld"]
	}
	word, _, _ := strings.Cut(c.Word, ",") // what comes behind says that it is stale or its thread broken
	if g := glyphs[word]; g != "" {
		return g
	}
	return "◆"
}

// depth is the class that moves a row to the right; what is deeper stays where the last step is.
func depth(n int) string { return "d" + strconv.Itoa(min(n, 6)) }

// outOf is a number of likes or boosts, with how many there are when these are more or fewer.
func outOf(c knowledge.Count, one, more string) string {
	word := more
	if c.Shown == 1 && c.Full == 1 {
		word = one
	}
	if c.Shown == c.Full {
		return fmt.Sprintf("%d %s", c.Shown, word)
	}
	return fmt.Sprintf("%d of %d %s", c.Shown, c.Full, word)
}

// tickClass is how the ladder of the log draws an answer.
func tickClass(t knowledge.Tick) string {
	switch t {
	case knowledge.Yes:
		return "yes"
	case knowledge.No:
		return "no"
	}
	return "na"
}

// ticked is what became of deliveries, as a chip.
func ticked(word string, t knowledge.Tick) result {
	if t == knowledge.Yes {
		return result{"ok", "✓ " + word}
	}
	return result{"bad", "✗ not " + word}
}
