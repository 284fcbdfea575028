package activitylog

import (
	"encoding/base64"
	"encoding/json"
	"time"
	"unicode/utf8"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Row is an entry of the log's JSON (contracts.md, "The log's JSON"). Ids and positions are decimal strings, because they
// do not fit a JavaScript number; times are RFC 3339 in UTC with microseconds.
type Row struct {
	ID        string   `json:"id"`
	Pos       string   `json:"pos"`
	Run       *string  `json:"run"`
	Server    string   `json:"server"`
	Peer      string   `json:"peer"`
	Direction string   `json:"direction"`
	Kind      string   `json:"kind"`
	Method    string   `json:"method"`
	URL       string   `json:"url"`
	At        string   `json:"at"`
	TookUS    *int64   `json:"took_us"` // null while unanswered
	Attempt   int      `json:"attempt"`
	Cause     *string  `json:"cause"`
	Activity  *Summary `json:"activity"`
	Carrier   *string  `json:"carrier"`
	Author    *string  `json:"author"`
	Status    *int     `json:"status"` // null while unanswered and when the network failed
	Outcome   string   `json:"outcome"`
	Rule      *string  `json:"rule"`
	Badges    []string `json:"badges"`
	Sentence  string   `json:"sentence"`
}

// Full is one entry with everything that was recorded about it.
type Full struct {
	Row
	Request  Message  `json:"request"`
	Response *Reply   `json:"response"` // null while unanswered
	Facts    []Noted  `json:"facts"`
	Effects  []string `json:"effects"`
}

// Message is one half of an exchange: header lines in the order of the wire, and the body as kept.
type Message struct {
	Headers   [][2]string `json:"headers"`
	Body      any         `json:"body"` // a string, or {"base64":"…"} when the bytes are not text; null without a body
	SHA256    string      `json:"sha256"`
	Size      int         `json:"size"`
	Truncated bool        `json:"truncated"`
}

// Reply is the other half. Error says how the network failed.
type Reply struct {
	Message
	Status *int    `json:"status"`
	Error  *string `json:"error"`
}

// Noted is a fact: its place in the log and the members of the fact itself.
type Noted struct {
	Pos    string          `json:"pos"`
	At     string          `json:"at"`
	Kind   string          `json:"kind"`
	Rule   *string         `json:"rule"`
	Object *string         `json:"object"`
	Detail json.RawMessage `json:"detail"`
}

// RowOf is e as the JSON API shows it in lists and in the stream.
func RowOf(e Entry, n Names) Row {
	x := e.Exchange
	r := Row{
		ID: x.ID.String(), Pos: observe.ExchangeID(e.Pos).String(), Server: x.Instance, Peer: x.Peer,
		Direction: string(x.Direction), Kind: x.Kind, Method: x.Method, URL: x.URL, At: stamp(x.At), Attempt: x.Attempt,
		Carrier: known(carrier(e)), Author: known(e.State.Author), Outcome: string(e.State.Outcome),
		Rule: known(string(e.State.Rule)), Badges: e.State.Badges, Sentence: Sentence(e, n),
	}
	if r.Badges == nil {
		r.Badges = []string{}
	}
	if x.Cause != 0 && x.Direction != Local {
		r.Cause = known(x.Cause.String())
	}
	if !x.Activity.Empty() && (x.Kind == Delivery || x.Kind == Action) {
		a := x.Activity
		a.To, a.Cc = present(a.To), present(a.Cc)
		r.Activity = &a
	}
	if a := e.Answer; a != nil {
		us := a.Took.Microseconds()
		r.TookUS, r.Status = &us, status(a)
	}
	return r
}

// FullOf is e with its bodies, as loaded by Log.Entry.
func FullOf(e Entry, effects []Entry, n Names) Full {
	f := Full{Row: RowOf(e, n), Request: message(e.Exchange.Header, e.Exchange.Body), Facts: []Noted{}, Effects: []string{}}
	if a := e.Answer; a != nil && e.Exchange.Direction != Local {
		f.Response = &Reply{Message: message(a.Header, a.Body), Status: status(a), Error: known(a.Err)}
	}
	for _, fact := range e.Facts {
		detail := fact.Detail
		if n.Shy {
			detail = withoutFollowers(detail)
		}
		if !json.Valid(detail) {
			detail = json.RawMessage("null")
		}
		f.Facts = append(f.Facts, Noted{observe.ExchangeID(fact.Pos).String(), stamp(fact.At), fact.Kind,
			known(string(fact.Rule)), known(fact.Object), detail})
	}
	for _, effect := range effects {
		f.Effects = append(f.Effects, effect.Exchange.ID.String())
	}
	return f
}

// withoutFollowers drops for whom a delivery is made.
func withoutFollowers(detail json.RawMessage) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(detail, &members) != nil || members["for"] == nil {
		return detail
	}
	delete(members, "for")
	short, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return short
}

func message(header []Field, body Content) Message {
	m := Message{Headers: [][2]string{}, SHA256: body.SHA256, Size: body.Size, Truncated: body.Truncated}
	for _, h := range header {
		m.Headers = append(m.Headers, [2]string{h.Name, h.Value})
	}
	switch {
	case body.Bytes == nil:
	case utf8.Valid(body.Bytes):
		m.Body = string(body.Bytes)
	default:
		m.Body = map[string]string{"base64": base64.StdEncoding.EncodeToString(body.Bytes)}
	}
	return m
}

func status(a *Answer) *int {
	if a.Status == 0 {
		return nil
	}
	return &a.Status
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func present(uris []string) []string {
	if uris == nil {
		return []string{}
	}
	return uris
}

// RuleWords is the sentence and the reference of a rule, for facts that name one.
func RuleWords(id rules.ID) (sentence, source string) {
	r, ok := rules.Lookup(id)
	if !ok {
		return string(id), ""
	}
	return r.Sentence, r.Source
}
