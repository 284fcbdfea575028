package social

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Emoji is a picture that stands for its shortcode in the texts of one server.
type Emoji struct {
	ID        ID
	Shortcode string
	Domain    string // "" for those of this instance
	URI       string
	// ImageURL and StaticURL are where another server keeps it, as claimed; both "" for local ones.
	ImageURL, StaticURL string
	// FileKey names the picture kept here, StaticKey the one that does not move; "" when none is.
	FileKey, StaticKey string
	MediaType          string
	Category           string
	VisibleInPicker    bool
	Featured           bool
	Disabled           bool // a moderator took it out of use
	UpdatedAt          time.Time
}

// Offered reports whether people are to pick e.
func (e Emoji) Offered() bool { return e.VisibleInPicker && !e.Disabled }

// Name is what finds e.
func (e Emoji) Name() EmojiName { return EmojiName{e.Domain, e.Shortcode} }

// EmojiName is a shortcode, without colons, in the texts of a server ("" is this one). Case counts.
type EmojiName struct{ Domain, Shortcode string }

// EmojiStore keeps emojis.
type EmojiStore interface {
	// Emojis are those of names that exist and are in use.
	Emojis(ctx context.Context, names []EmojiName) (map[EmojiName]Emoji, error)
	// EmojiNamed finds one, in use or not. ErrNotFound.
	EmojiNamed(ctx context.Context, name EmojiName) (Emoji, error)
	// EmojiByID finds one of any server. ErrNotFound.
	EmojiByID(ctx context.Context, id ID) (Emoji, error)
	// LocalEmojis are all of this instance, in use or not, by shortcode.
	LocalEmojis(ctx context.Context) ([]Emoji, error)
	// PutEmoji inserts e, or replaces the one of its name, whose id and whether it is disabled stay.
	PutEmoji(ctx context.Context, e Emoji) error
	// SetEmoji changes category, use and visibility of a kept one. ErrNotFound.
	SetEmoji(ctx context.Context, e Emoji) error
	DeleteEmoji(ctx context.Context, name EmojiName) error
}

// maxShortcodes bounds what one text may make us look up.
const maxShortcodes = 200

// Shortcodes are the emojis that texts name, each once, in order.
func Shortcodes(texts ...string) []string {
	var out []string
	for _, text := range texts {
		for start, end := range EachShortcode(text) {
			if len(out) >= maxShortcodes {
				return out
			}
			if code := text[start+1 : end-1]; !slices.Contains(out, code) {
				out = append(out, code)
			}
		}
	}
	return out
}

// EachShortcode yields where text names emojis, colons and all: two or more of a-z, A-Z, 0-9 and "_" between colons that do not
// touch another letter, digit or colon.
func EachShortcode(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; {
			open := strings.IndexByte(text[at:], ':')
			if open < 0 {
				return
			}
			at += open
			end := at + 1
			for end < len(text) && codeByte(text[end]) {
				end++
			}
			before, _ := utf8.DecodeLastRuneInString(text[:at])
			if !strings.HasPrefix(text[end:], ":") || end-at < 3 || touches(before) {
				at++
				continue
			}
			if after, _ := utf8.DecodeRuneInString(text[end+1:]); touches(after) {
				at++
				continue
			}
			if !yield(at, end+1) {
				return
			}
			at = end + 1
		}
	}
}

func codeByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// touches reports whether r may not stand right beside a shortcode. Nothing, at either end of a text, may.
func touches(r rune) bool { return r == ':' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// ValidShortcode reports whether code can name an emoji.
func ValidShortcode(code string) bool {
	if len(code) < 2 || len(code) > 128 {
		return false
	}
	for i := range len(code) {
		if !codeByte(code[i]) {
			return false
		}
	}
	return true
}
