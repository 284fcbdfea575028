package views

import (
	"context"
	"strings"

	"orrery/social"
)

// piece is a part of a text: words, or the shortcode of an emoji with the address of its picture.
type piece struct{ text, address string }

// emojiAddress is where the picture of an emoji is found here, "" when there is no copy: pages load nothing from other servers.
func (l Look) emojiAddress(e social.Emoji) string {
	if e.FileKey != "" {
		return l.URLs.File(e.FileKey)
	}
	return l.URLs.Copied(e.ID, social.RemoteEmoji, e.ImageURL)
}

// pieces takes a text apart at the emojis that it names.
func (l Look) pieces(text string, emojis []social.Emoji) []piece {
	pictures := map[string]string{}
	for _, e := range emojis {
		if at := l.emojiAddress(e); at != "" {
			pictures[e.Shortcode] = at
		}
	}
	if len(pictures) == 0 {
		return []piece{{text: text}}
	}
	var out []piece
	from := 0
	for start, end := range social.EachShortcode(text) {
		if at := pictures[text[start+1:end-1]]; at != "" {
			if start > from {
				out = append(out, piece{text: text[from:start]})
			}
			out = append(out, piece{text[start:end], at})
			from = end
		}
	}
	if from < len(text) {
		out = append(out, piece{text: text[from:]})
	}
	return out
}

// Emojify puts the pictures of emojis into a text of safe HTML that holds no tags.
func (l Look) Emojify(html string, emojis []social.Emoji) string {
	var out strings.Builder
	for _, p := range l.pieces(html, emojis) {
		if p.address == "" {
			out.WriteString(p.text)
		} else {
			_ = emojiPicture(p.address, p.text).Render(context.Background(), &out) // a builder takes everything
		}
	}
	return out.String()
}
