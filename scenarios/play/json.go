package play

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Encode writes the tree of a file as JSON: every node has its kind, line and column. Comments are not in it.
func Encode(f *File) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("encode %s: %w", f.Path, err)
	}
	return b.Bytes(), nil
}

// Decode reads what Encode writes, from anybody; lines, columns and the kinds of nouns may be left away. It writes the tree
// as a script in canonical form and loads that, so that JSON passes the same checks as a file: positions and problems are
// those of the script, which is returned, too. An error means that it is no tree at all.
func Decode(filename string, data []byte, v Vocabulary) (f *File, script []byte, ps Problems, err error) {
	if len(data) > 4*MaxFile {
		return nil, nil, nil, fmt.Errorf("%s has %d bytes; %d is the most", filename, len(data), 4*MaxFile)
	}
	tree, err := decode(data)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s is no scenario as JSON: %w", filename, err)
	}
	script = Format(tree)
	f, ps = Load(filename, script, v)
	if len(ps) == 0 && len(f.Attachments) != len(tree.Attachments) {
		return nil, nil, nil, fmt.Errorf("%s is no scenario as JSON: an attachment holds a line that begins another one", filename)
	}
	return f, script, ps, nil
}

// UnmarshalText reads the form that people write.
func (d *Duration) UnmarshalText(b []byte) error {
	span, err := time.ParseDuration(string(b))
	*d = Duration(span)
	return err
}

func decode(data []byte) (*File, error) {
	if err := onlyWords(data); err != nil {
		return nil, err
	}
	var in struct {
		Node
		Path        string            `json:"path"`
		Headers     []*Header         `json:"headers"`
		Servers     []*Server         `json:"servers"`
		People      []*Person         `json:"people"`
		Follows     []*Edge           `json:"follows"`
		Blocks      []json.RawMessage `json:"blocks"`
		Attachments []*Attachment     `json:"attachments"`
	}
	if err := strictly(data, &in); err != nil {
		return nil, err
	}
	f := &File{Headers: in.Headers, Servers: in.Servers, People: in.People, Follows: in.Follows, Attachments: in.Attachments, headings: map[string]*Row{}}
	if holes(f.Headers) || holes(f.Servers) || holes(f.People) || holes(f.Follows) || holes(f.Attachments) {
		return nil, errors.New("null stands in a list")
	}
	for _, h := range f.Headers {
		if h.Value.Kind = "text"; h.Name == "level" || h.Name == "time" || h.Name == "policies" {
			h.Value.Kind = "word"
		}
	}
	for name, n := range map[string]int{"servers": len(f.Servers), "people": len(f.People), "follows": len(f.Follows)} {
		if n > 0 {
			f.headings[name] = &Row{}
		}
	}
	for _, raw := range in.Blocks {
		b, err := decodeBlock(raw)
		if err != nil {
			return nil, err
		}
		f.Blocks = append(f.Blocks, b)
	}
	return f, nil
}

func holes[T any](list []*T) bool {
	for _, x := range list {
		if x == nil {
			return true
		}
	}
	return false
}

func decodeBlock(raw json.RawMessage) (Block, error) {
	var in struct {
		Row
		Title   Text              `json:"title"`
		Servers []*Server         `json:"servers"`
		People  []*Person         `json:"people"`
		Follows []*Edge           `json:"follows"`
		Lines   []json.RawMessage `json:"lines"`
	}
	if err := strictly(raw, &in); err != nil {
		return nil, err
	}
	var lines []Line
	for _, r := range in.Lines {
		l, err := decodeLine(r)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	switch {
	case holes(in.Servers) || holes(in.People) || holes(in.Follows):
		return nil, errors.New("null stands in a list")
	case in.Kind == "step" && len(in.Servers)+len(in.People)+len(in.Follows) == 0:
		return &Step{in.Row, in.Title, lines}, nil
	case in.Kind == "vary":
		return &Vary{in.Row, in.Title, in.Servers, in.People, in.Follows, lines}, nil
	}
	return nil, fmt.Errorf("a block of the kind %q: it is step, or vary if it overrides something", in.Kind)
}

func kindOf(raw json.RawMessage) (string, error) {
	var n Node
	err := json.Unmarshal(raw, &n)
	return n.Kind, err
}

func decodeLine(raw json.RawMessage) (Line, error) {
	kind, err := kindOf(raw)
	if err != nil {
		return nil, err
	}
	if kind == "check" {
		return decodeCheck(raw)
	}
	l := newLine(kind)
	if l == nil {
		l, err = newVerdict(kind, raw)
	}
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, fmt.Errorf("a line of the kind %q", kind)
	}
	return l, strictly(raw, l)
}

// newVerdict is what a person or a server may do: who runs a server is told by the field "by".
func newVerdict(kind string, raw json.RawMessage) (Line, error) {
	var who struct {
		By json.RawMessage `json:"by"`
	}
	if err := json.Unmarshal(raw, &who); err != nil {
		return nil, err
	}
	switch {
	case who.By != nil && slices.Contains(serverVerbs(), kind):
		return &Governs{}, nil
	case who.By == nil && (kind == "blocks" || kind == "unblocks"):
		return &Regards{}, nil
	}
	return nil, nil
}

// newLine is an empty line of a kind, nil when there is none.
func newLine(kind string) Line {
	switch kind {
	case "posts":
		return &Posts{}
	case "replies":
		return &Replies{}
	case "quotes":
		return &Quotes{}
	case "boosts":
		return &Boosts{}
	case "likes":
		return &Likes{}
	case "undoes":
		return &Undoes{}
	case "edits":
		return &Edits{}
	case "deletes":
		return &Deletes{}
	case "votes":
		return &Votes{}
	case "pins", "unpins":
		return &Pins{}
	case "follows":
		return &Follows{}
	case "unfollows":
		return &Unfollows{}
	case "follows-tag", "unfollows-tag":
		return &FollowsTag{}
	case "accepts", "rejects", "mutes", "unmutes":
		return &Regards{}
	case "moves":
		return &Moves{}
	case "opens":
		return &Opens{}
	case "searches":
		return &Searches{}
	case "sends":
		return &Sends{}
	case "stop", "start":
		return &Stop{}
	case "cut", "heal", "slow", "drop", "lose":
		return &Link{}
	case "skew":
		return &Skew{}
	case "rotate":
		return &Rotate{}
	case "settle":
		return &Settle{}
	case "wait":
		return &Wait{}
	case "say":
		return &Say{}
	case "predict":
		return &Predict{}
	case "show":
		return &Show{}
	case "look":
		return &Look{}
	}
	return nil
}

func decodeCheck(raw json.RawMessage) (Line, error) {
	var in struct {
		Row
		Observe   bool            `json:"observe"`
		Condition json.RawMessage `json:"condition"`
		Overall   bool            `json:"overall"`
		Because   *RuleRef        `json:"because"`
	}
	if err := strictly(raw, &in); err != nil {
		return nil, err
	}
	kind, err := kindOf(in.Condition)
	if err != nil {
		return nil, fmt.Errorf("a check without a condition: %w", err)
	}
	k := newCondition(kind)
	if k == nil {
		return nil, fmt.Errorf("a condition of the kind %q", kind)
	}
	if err := strictly(in.Condition, k); err != nil {
		return nil, err
	}
	return &Assertion{in.Row, in.Observe, k, in.Overall, in.Because}, nil
}

// newCondition is an empty condition of a kind, nil when there is none.
func newCondition(kind string) Condition {
	switch kind {
	case "on-servers":
		return &OnServers{}
	case "counter":
		return &Counter{}
	case "delivery", "forward":
		return &Delivery{}
	case "no-delivery", "no-forward":
		return &NoDelivery{}
	case "fetches":
		return &Fetches{}
	case "deliveries":
		return &Deliveries{}
	case "nothing-sent":
		return &NothingSent{}
	case "in-timeline":
		return &InTimeline{}
	case "state":
		return &State{}
	case "shows":
		return &Shows{}
	case "relation":
		return &Relation{}
	case "account":
		return &Account{}
	case "moved":
		return &Moved{}
	case "notified":
		return &Notified{}
	case "answer":
		return &Answered{}
	case "decision":
		return &Decision{}
	}
	return nil
}

// strictly decodes without letting a misspelt field pass.
func strictly(raw json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// onlyWords refuses strings that would say something else in a script than they do in the tree: what is no text and no
// attachment is one word.
func onlyWords(data []byte) error {
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return err
	}
	var walk func(key string, v any) error
	walk = func(key string, v any) error {
		switch v := v.(type) {
		case string:
			if key != "path" && strings.ContainsFunc(v, func(r rune) bool { return !wordRune(r) }) {
				return fmt.Errorf("%q in %q is not a word", v, key)
			}
		case []any:
			for _, x := range v {
				if err := walk(key, x); err != nil {
					return err
				}
			}
		case map[string]any:
			for k, x := range v {
				if key == "attachments" {
					if name, ok := x.(string); ok && k == "name" && strings.ContainsAny(name, "\r\n") {
						return fmt.Errorf("%q is no name of an attachment", name)
					}
					continue
				}
				if _, text := x.(string); text && k == "value" {
					continue // of a Text; the value of a setting is a node
				}
				if err := walk(k, x); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return walk("", tree)
}
