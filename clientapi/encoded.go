package clientapi

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"

	"orrery/internal/memory"
	"orrery/social"
)

// Encoded writes posts and notifications as JSON, and remembers each under all that it was made of: ids and stamps of what a
// Reader read, and the values of the rest (docs/decisions/0014). So it need not be told of anything. It is for one server, whose
// Render differs by viewer and time alone, and for views that were read outside of transactions. nil remembers nothing; safe
// for concurrent use.
type Encoded struct{ known *memory.Of[string, []byte] }

// NewEncoded remembers about as many bytes.
func NewEncoded(bytes int) *Encoded { return &Encoded{memory.New[string, []byte](bytes)} }

// Statuses writes FromStatuses(vs, r).
func (e *Encoded) Statuses(w io.Writer, vs []social.StatusView, r Render) error {
	return array(w, len(vs), func(i int) ([]byte, error) { return e.status(&vs[i], r) })
}

// Thread writes FromThread(up, down, r).
func (e *Encoded) Thread(w io.Writer, up, down []social.StatusView, r Render) error {
	for _, part := range []struct {
		before string
		vs     []social.StatusView
	}{{`{"ancestors":`, up}, {`,"descendants":`, down}} {
		if _, err := io.WriteString(w, part.before); err != nil {
			return err
		}
		if err := e.Statuses(w, part.vs, r); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "}")
	return err
}

// Notifications writes a list of FromNotification(v, r).
func (e *Encoded) Notifications(w io.Writer, vs []social.NotificationView, r Render) error {
	return array(w, len(vs), func(i int) ([]byte, error) {
		return e.entity(madeOf(r).notification(&vs[i]), func() any { return FromNotification(vs[i], r) })
	})
}

func (e *Encoded) status(v *social.StatusView, r Render) ([]byte, error) {
	return e.entity(madeOf(r).status(v), func() any { return FromStatus(*v, r) })
}

// entity is the JSON of what make makes of k.
func (e *Encoded) entity(k *ingredients, make func() any) ([]byte, error) {
	if e == nil || k.unknown {
		return encode(make())
	}
	key := string(k.b)
	if out, ok := e.known.Get(key); ok {
		return out, nil
	}
	out, err := encode(make())
	if err == nil {
		e.known.Put(key, out, len(key)+len(out)+100)
	}
	return out, err
}

// encode is the JSON of v as an Encoder writes it, without the line's end.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte{'\n'})), nil
}

func array(w io.Writer, n int, item func(int) ([]byte, error)) error {
	before := "["
	for i := range n {
		b, err := item(i)
		if err != nil {
			return err
		}
		if _, err = io.WriteString(w, before); err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			return err
		}
		before = ","
	}
	if n == 0 {
		before = "[]"
	} else {
		before = "]"
	}
	_, err := io.WriteString(w, before)
	return err
}

// ingredients are everything that an entity is made of, in an order that can be told apart again.
type ingredients struct {
	r       Render
	b       []byte
	unknown bool // it is made of something that is not among them
}

func madeOf(r Render) *ingredients {
	k := &ingredients{r: r, b: make([]byte, 0, 256)}
	k.yes(r.Viewer != 0)
	return k
}

func (k *ingredients) n(v int64) { k.b = binary.AppendVarint(k.b, v) }

func (k *ingredients) yes(bits ...bool) {
	var n int64
	for i, bit := range bits {
		if bit {
			n |= 1 << i
		}
	}
	k.n(n)
}

func (k *ingredients) word(s string) {
	k.n(int64(len(s)))
	k.b = append(k.b, s...)
}

func (k *ingredients) status(v *social.StatusView) *ingredients {
	k.n(int64(v.Status.ID))
	k.n(v.Status.Stamp) // covers what belongs to it: media, tags, who is mentioned, its card, poll and quote
	k.account(&v.Author)
	k.n(int64(len(v.Mentions)))
	for i := range v.Mentions {
		k.n(int64(v.Mentions[i].ID))
		k.n(v.Mentions[i].Stamp)
	}
	k.emojis(v.Emojis)
	m := v.Viewer.Marks
	k.yes(v.Author.ID == k.r.Viewer, m.Favourited, m.Boosted, m.Bookmarked, m.Pinned, m.Muted, v.Boost != nil, v.Quote != nil, v.Poll != nil,
		v.Card != nil && v.Card.Author != nil)
	k.word(v.Viewer.Quoting)
	if v.Poll != nil {
		k.r.turns(v.Poll.ExpiresAt)
		k.yes(v.Poll.Over(k.r.Now))
		k.n(int64(len(v.Poll.Own)))
		for _, choice := range v.Poll.Own {
			k.n(int64(choice))
		}
	}
	if v.Card != nil && v.Card.Author != nil {
		k.account(v.Card.Author)
	}
	if v.Quote != nil {
		k.word(string(v.Quote.State))
		k.yes(v.Quote.Shown != nil)
		if v.Quote.Shown != nil {
			k.status(v.Quote.Shown)
		}
	}
	if v.Boost != nil {
		k.status(v.Boost)
	}
	k.unknown = k.unknown || len(v.Filtered) > 0 || v.Viewer.Quoting == ""
	return k
}

func (k *ingredients) account(a *social.Account) {
	k.n(int64(a.ID))
	k.n(a.Stamp)
	k.emojis(a.Emojis)
	k.yes(a.Moved != nil)
	if a.Moved != nil {
		k.account(a.Moved)
	}
}

// emojis go by what is shown of them: they have no stamps.
func (k *ingredients) emojis(es []social.Emoji) {
	k.n(int64(len(es)))
	for i := range es {
		e := &es[i]
		k.n(int64(e.ID))
		for _, s := range [...]string{e.Shortcode, e.FileKey, e.StaticKey, e.ImageURL} {
			k.word(s)
		}
		k.yes(e.VisibleInPicker)
	}
}

func (k *ingredients) notification(v *social.NotificationView) *ingredients {
	n := v.Notification
	k.n(int64(n.ID))
	k.word(string(n.Type))
	k.word(n.GroupKey)
	k.n(n.CreatedAt.UnixNano())
	k.yes(n.Filtered, v.Status != nil)
	k.account(&v.From)
	if v.Status != nil {
		k.status(v.Status)
	}
	k.unknown = k.unknown || v.Report != nil || v.Severance != nil || v.Warning != nil
	return k
}
