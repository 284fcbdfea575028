package vocab

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Attachment is one picture, film or sound of a post, as its document claims it.
type Attachment struct {
	Type        string // Document, Image, Video, Audio, or whatever it calls itself
	MediaType   string // "" when it says none
	URL         string
	Icon        string // a picture that stands for a film or sound
	Description string
	Blurhash    string
	Focus       []float64 // x and y, or nothing
	Width       int64
	Height      int64
	Duration    time.Duration
}

// maxListed bounds the attachments of one post that are looked at; four are kept.
const maxListed = 100

// readAttachments are those that can be shown. What has an href is a link to a page (FEP-8967), not a medium.
//
// Pleroma writes url as a list of Links, each with its own mediaType (fixtures/synthetic/pleroma-2.6), lotide an Image without
// any (published corpus, lotide/activities/create_page_image.json). PeerTube attaches nothing: its films are among the
// addresses of the post (published corpus, peertube/objects/video.json).
func readAttachments(doc Doc) []Attachment {
	var out []Attachment
	for i, v := range doc.List("attachment") {
		m, ok := v.(map[string]any)
		if !ok || i >= maxListed || m["href"] != nil {
			continue
		}
		d := Doc(m)
		if d.Is("PropertyValue") || d.Is("Link") {
			continue
		}
		a := Attachment{
			Type: firstType(d), MediaType: d.String("mediaType"), Description: d.String("summary"), Blurhash: d.String("blurhash"),
			Focus: focus(d), Width: d.Count("width"), Height: d.Count("height"), Duration: Duration(d.String("duration")),
		}
		var linked string
		a.URL, linked = mediaURL(d)
		if a.MediaType == "" {
			a.MediaType = linked
		}
		if a.Description == "" {
			a.Description, _ = text(d, "name")
		}
		if a.Icon = d.String("icon"); a.Icon == "" {
			a.Icon = imageURL(d, "icon")
		}
		out = append(out, a)
	}
	return out
}

// readLink is the first page among the attachments that is named as one, not as a medium (FEP-8967).
func readLink(doc Doc) string {
	for i, v := range doc.List("attachment") {
		if m, ok := v.(map[string]any); ok && i < maxListed && Doc(m).Is("Link") {
			if href := Doc(m).String("href"); href != "" {
				return href
			}
		}
	}
	return ""
}

// mediaURL is where a medium lies: a string, a Link, or the first of several, with the type that the Link names.
func mediaURL(d Doc) (url, mediaType string) {
	for _, v := range d.List("url") {
		switch v := v.(type) {
		case string:
			return v, ""
		case map[string]any:
			if href := Doc(v).String("href"); href != "" {
				return href, Doc(v).String("mediaType")
			}
		}
	}
	return "", ""
}

func firstType(d Doc) string {
	for _, v := range d.List("type") {
		if t, ok := v.(string); ok {
			return t
		}
	}
	return ""
}

func focus(d Doc) []float64 {
	at := d.List("focalPoint")
	if len(at) != 2 {
		return nil
	}
	out := make([]float64, 2)
	for i, v := range at {
		n, _ := v.(json.Number)
		f, err := n.Float64()
		if err != nil || f < -1 || f > 1 {
			return nil
		}
		out[i] = f
	}
	return out
}

// Duration reads the days and smaller units of an xsd:duration, "P1DT2H3M4.5S"; zero when it is none, or longer than a year.
func Duration(s string) time.Duration {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return 0
	}
	var total float64
	units := map[byte]float64{'D': 86400}
	for rest != "" {
		if rest[0] == 'T' {
			units, rest = map[byte]float64{'H': 3600, 'M': 60, 'S': 1}, rest[1:]
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if end <= 0 {
			return 0
		}
		n, err := strconv.ParseFloat(rest[:end], 64)
		unit, known := units[rest[end]]
		if err != nil || !known {
			return 0
		}
		total, rest = total+n*unit, rest[end+1:]
	}
	if total > 366*86400 {
		return 0
	}
	return time.Duration(total * float64(time.Second))
}

// Emoji is one picture with a shortcode that a document brings along.
type Emoji struct {
	ID, Shortcode  string // without colons
	URL, MediaType string
	Updated        time.Time
}

// readEmojis are the usable ones: without a name or an address of a picture they are left out (federation.md §14.3/75).
// Names come with colons and without (fixtures/synthetic/misskey-2024, fixtures/synthetic/hubzilla-9).
func readEmojis(doc Doc) []Emoji {
	var out []Emoji
	for i, v := range doc.List("tag") {
		m, ok := v.(map[string]any)
		if !ok || i >= maxTags || !Doc(m).Is("Emoji") {
			continue
		}
		d := Doc(m)
		e := Emoji{ID: d.String("id"), Shortcode: strings.Trim(d.String("name"), ":"), Updated: Time(d.String("updated"))}
		if icon := d.Object("icon"); icon != nil {
			e.URL, e.MediaType = mediaURL(icon)
			if t := icon.String("mediaType"); t != "" {
				e.MediaType = t
			}
		}
		if e.Shortcode != "" && e.URL != "" {
			out = append(out, e)
		}
	}
	return out
}
