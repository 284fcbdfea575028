package scenarios

import (
	"io"

	"orrery/activitylog/knowledge"
)

// WhyText writes an answer for people: the verdict, the rule, every rung with what proves it, and what would have altered it.
func WhyText(w io.Writer, a Explained) error {
	p := &printer{w: w}
	p.say("%s\n", a.Sentence)
	if a.Rule != "" {
		p.say("because  %s: %s\n", a.Rule, a.Because)
	}
	p.evidence(a, a.Evidence)
	p.say("\n")
	marks := map[knowledge.Tick]string{knowledge.Yes: "yes", knowledge.No: "no ", knowledge.None: " - "}
	for _, g := range a.Rungs {
		p.say("%s  %s", marks[g.Answer], g.Question)
		for _, t := range []struct {
			word string
			tick knowledge.Tick
		}{{"delivered", g.Delivered}, {"accepted", g.Accepted}} {
			switch t.tick {
			case knowledge.Yes:
				p.say("  [%s]", t.word)
			case knowledge.No:
				p.say("  [not %s]", t.word)
			}
		}
		p.say("\n")
		if g.Words != "" {
			p.say("       %s\n", g.Words)
		}
		if g.Rule != "" {
			p.say("       %s\n", g.Rule)
		}
		p.evidence(a, g.Evidence)
	}
	switch {
	case a.Change == nil && len(a.Changes) == 0: // nothing comes to mind
	case a.Change == nil:
		p.say("\nNothing that was tried would have altered it.\n")
	case a.Change.Verified == nil:
		p.say("\n%s (Not tried out.)\n", a.Change.Sentence)
	default:
		p.say("\n%s (Tried out: so it is.)\n", a.Change.Sentence)
	}
	return p.err
}

func (p *printer) evidence(a Explained, ids knowledge.IDs) {
	for _, id := range ids {
		p.say("       entry %s  %s\n", id, a.Sentences[id.String()])
	}
}
