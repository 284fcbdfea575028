package translate

import (
	"strings"

	"orrery/federation/vocab"
	"orrery/social"
)

// Attachments are what is kept of a post's media: the first four that lie at an address (federation.md §3.5). Their ids and
// their post are the caller's to set. Nothing is downloaded.
func Attachments(n vocab.Note, author social.Account) []social.Attachment {
	var out []social.Attachment
	for _, v := range n.Attachments {
		if !IsHTTP(v.URL) || len(v.URL) > maxAddress {
			continue
		}
		a := social.Attachment{
			AccountID: author.ID, Place: len(out), Kind: kind(v), MediaType: cutRunes(v.MediaType, 255), RemoteURL: v.URL,
			RemotePreviewURL: httpOrEmpty(v.Icon), Description: cutRunes(v.Description, social.MaxDescription),
			Meta: social.MediaMeta{Original: social.Size{Width: side(v.Width), Height: side(v.Height), Duration: v.Duration.Seconds()}},
		}
		if ValidBlurhash(v.Blurhash) {
			a.Blurhash = v.Blurhash
		}
		if len(v.Focus) == 2 {
			a.Meta.Focus = &social.Focus{X: v.Focus[0], Y: v.Focus[1]}
		}
		if out = append(out, a); len(out) == social.MaxAttachments {
			break
		}
	}
	return out
}

// maxAddress is the longest address of a picture that is kept.
const maxAddress = 2048

// kind is what can be shown of a medium: by its media type, else by its ActivityStreams type. What browsers do not show is
// unknown, and only linked to.
func kind(v vocab.Attachment) social.MediaKind {
	mediaType, _, _ := strings.Cut(strings.ToLower(v.MediaType), ";")
	if mediaType == "" {
		switch v.Type {
		case "Image":
			return social.MediaImage
		case "Video":
			return social.MediaVideo
		case "Audio":
			return social.MediaAudio
		}
		return social.MediaUnknown
	}
	switch mediaType = strings.TrimSpace(mediaType); mediaType {
	case "image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic", "image/heif":
		return social.MediaImage
	case "video/webm", "video/mp4", "video/quicktime", "video/ogg", "video/x-m4v":
		return social.MediaVideo
	}
	if strings.HasPrefix(mediaType, "audio/") {
		return social.MediaAudio
	}
	return social.MediaUnknown
}

// side is a length in pixels, 0 when nobody's picture is that large.
func side(n int64) int {
	if n > 100_000 {
		return 0
	}
	return int(n)
}

const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// ValidBlurhash reports whether hash is well-formed and has at most 5 × 5 components (federation.md §3.5). Its first character
// says how many there are, and with it how long it is.
func ValidBlurhash(hash string) bool {
	if len(hash) < 6 {
		return false
	}
	for _, r := range hash {
		if !strings.ContainsRune(base83, r) {
			return false
		}
	}
	n := strings.IndexByte(base83, hash[0])
	x, y := n%9+1, n/9+1
	return x <= 5 && y <= 5 && len(hash) == 4+2*x*y
}

// Emojis are what is kept of the emojis that a document brings along, for the server of domain. Ids are the caller's to set.
func Emojis(vs []vocab.Emoji, domain string) []social.Emoji {
	var out []social.Emoji
	seen := map[string]bool{}
	for _, v := range vs {
		if !social.ValidShortcode(v.Shortcode) || !IsHTTP(v.URL) || len(v.URL) > maxAddress || seen[v.Shortcode] {
			continue
		}
		seen[v.Shortcode] = true
		out = append(out, social.Emoji{
			Shortcode: v.Shortcode, Domain: domain, URI: v.ID, ImageURL: v.URL, StaticURL: v.URL, MediaType: cutRunes(v.MediaType, 255),
			UpdatedAt: v.Updated,
		})
		if len(out) == maxEmojis {
			break
		}
	}
	return out
}

// maxEmojis bounds what one document makes us keep.
const maxEmojis = 200
