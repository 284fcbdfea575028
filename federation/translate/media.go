package translate

import (
	"path"
	"strconv"
	"strings"

	"orrery/federation/vocab"
	"orrery/social"
)

// attachments are what a status shows, each a Document whatever it is (federation.md §3.1).
func (w Writer) attachments(as []social.Attachment) []any {
	out := []any{}
	for _, a := range as {
		out = append(out, w.attachment(a))
	}
	return out
}

func (w Writer) attachment(a social.Attachment) vocab.Object {
	url := a.RemoteURL
	if a.FileKey != "" {
		url = w.URLs.File(a.FileKey)
	}
	o := vocab.Object{
		{Name: "type", Value: "Document"},
		{Name: "mediaType", Value: a.MediaType},
		{Name: "url", Value: url},
		{Name: "name", Value: orNull(a.Description)},
		{Name: "blurhash", Value: orNull(a.Blurhash)},
	}
	if f := a.Meta.Focus; f != nil {
		o = o.With("focalPoint", []float64{f.X, f.Y})
	}
	size := a.Meta.Original
	if size.Width > 0 && size.Height > 0 {
		o = o.With("width", size.Width).With("height", size.Height)
	}
	if size.Duration > 0 && w.current() {
		o = o.With("duration", "PT"+strconv.FormatFloat(size.Duration, 'f', -1, 64)+"S")
	}
	if a.PreviewKey != "" && (a.Kind == social.MediaAudio || a.Kind == social.MediaVideo) {
		o = o.With("icon", w.Image(a.PreviewKey, ""))
	}
	return o
}

// Image is a picture kept here under key; description is what it shows, in words.
func (w Writer) Image(key, description string) vocab.Object {
	o := vocab.Object{
		{Name: "type", Value: "Image"},
		{Name: "mediaType", Value: mediaType(key)},
		{Name: "url", Value: w.URLs.File(key)},
	}
	if description != "" && w.current() {
		o = o.With("summary", description)
	}
	return o
}

// mediaType is that of a file kept here, by the ending of its name.
func mediaType(key string) string {
	switch ending := strings.TrimPrefix(path.Ext(key), "."); ending {
	case "jpg":
		return "image/jpeg"
	case "gif", "webp", "avif", "jpeg":
		return "image/" + ending
	}
	return "image/png"
}

// Emoji is the document of an emoji of this instance, without @context.
func (w Writer) Emoji(e social.Emoji) vocab.Object {
	icon := w.Image(e.FileKey, "")
	if e.MediaType != "" {
		icon[1].Value = e.MediaType
	}
	return vocab.Object{
		{Name: "id", Value: w.URLs.Emoji(e)},
		{Name: "type", Value: "Emoji"},
		{Name: "name", Value: ":" + e.Shortcode + ":"},
		{Name: "updated", Value: vocab.Stamp(e.UpdatedAt)},
		{Name: "icon", Value: icon},
	}
}

// EmojiDocument is the emoji as it is served at its own address.
func (w Writer) EmojiDocument(e social.Emoji) vocab.Object {
	return append(vocab.Object{{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, emojiTerms())}}, w.Emoji(e)...)
}

// hashtag is a hashtag as texts name it: it leads to everybody's posts.
func (w Writer) hashtag(name string) vocab.Object {
	return vocab.Object{
		{Name: "type", Value: "Hashtag"}, {Name: "href", Value: w.URLs.Tag(name)}, {Name: "name", Value: "#" + name},
	}
}
