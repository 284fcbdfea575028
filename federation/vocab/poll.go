package vocab

import "time"

// Poll is what a Question asks.
type Poll struct {
	Options  []Option
	Multiple bool
	End      time.Time // zero when it does not end, or does not say when it did
	Closed   bool      // it is over
	Voters   int64     // -1 when it does not say
}

// Option is one answer of a Question; Votes is 0 when it does not say.
type Option struct {
	Name  string
	Votes int64
}

// maxOptions is how many answers are read, as in Mastodon (federation.md §16.3).
const maxOptions = 500

// readPoll is nil when doc is no Question or offers no answer (federation.md §3.5). Pleroma says closed in place of endTime and
// counts no voters (fixtures/synthetic/pleroma-2.6/question.json); that closed may be true alone is ActivityStreams' own word.
func readPoll(doc Doc) *Poll {
	if !doc.Is("Question") {
		return nil
	}
	p := &Poll{Voters: -1}
	options := doc.List("anyOf")
	if p.Multiple = len(options) > 0; !p.Multiple {
		options = doc.List("oneOf")
	}
	for _, v := range options[:min(len(options), maxOptions)] {
		o := asDoc(v)
		name, _ := text(o, "name")
		if name == "" {
			name, _ = text(o, "content")
		}
		p.Options = append(p.Options, Option{name, o.Object("replies").Count("totalItems")})
	}
	if len(p.Options) == 0 {
		return nil
	}
	p.End = Time(doc.String("endTime"))
	switch closed := doc["closed"].(type) {
	case string:
		if at := Time(closed); !at.IsZero() {
			p.End, p.Closed = at, true
		}
	case bool:
		p.Closed = closed
	}
	if doc["votersCount"] != nil {
		p.Voters = doc.Count("votersCount")
	}
	return p
}
