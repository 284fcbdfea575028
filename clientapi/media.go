package clientapi

import (
	"cmp"
	"strconv"

	"orrery/social"
)

// FromAttachment renders a. What is kept here has an address of ours; what is not has the one that its own server claims, for
// apps to fetch; pictures have that of a copy, made when somebody looks.
func FromAttachment(a social.Attachment, r Render) MediaAttachment {
	remote, preview := page(a.RemoteURL), page(a.RemotePreviewURL)
	url := cmp.Or(r.URLs.File(a.FileKey), copied(a, social.RemoteOriginal, r), remote)
	small := cmp.Or(r.URLs.File(a.PreviewKey), copied(a, social.RemoteSmall, r), preview)
	if small == "" && a.Kind == social.MediaImage {
		small = url
	}
	if a.Processing == social.ProcessingQueued || a.Processing == social.ProcessingRunning {
		url = "" // that is how apps know that they must wait
	}
	text := ""
	if a.RemoteURL == "" {
		text = r.URLs.Origin + "/media/" + a.ID.String()
	}
	return MediaAttachment{
		TextURL: orNull(text),
		ID:      a.ID.String(), Type: string(a.Kind), URL: orNull(url), PreviewURL: orNull(small), RemoteURL: orNull(remote),
		PreviewRemoteURL: orNull(preview), Meta: mediaMeta(a.Meta), Description: orNull(a.Description), Blurhash: orNull(a.Blurhash),
	}
}

// copied is where our copy of a's picture is, "" when there is none.
func copied(a social.Attachment, v social.RemoteVersion, r Render) string {
	return r.URLs.Copied(a.ID, v, a.Pictured(v))
}

func mediaMeta(m social.MediaMeta) *MediaMeta {
	out := &MediaMeta{Original: mediaSize(m.Original), Small: mediaSize(m.Small)}
	if m.Focus != nil {
		out.Focus = &Focus{X: m.Focus.X, Y: m.Focus.Y}
	}
	if len(m.Colors) == 3 {
		out.Colors = &MediaColors{Background: m.Colors[0], Foreground: m.Colors[1], Accent: m.Colors[2]}
	}
	return out
}

func mediaSize(s social.Size) *MediaSize {
	if s == (social.Size{}) {
		return nil
	}
	out := &MediaSize{Width: s.Width, Height: s.Height, FrameRate: s.FrameRate, Duration: s.Duration, Bitrate: s.Bitrate}
	if s.Width > 0 && s.Height > 0 {
		out.Size = strconv.Itoa(s.Width) + "x" + strconv.Itoa(s.Height)
		out.Aspect = float64(s.Width) / float64(s.Height)
	}
	return out
}

// FromEmoji renders e as it stands in texts.
func FromEmoji(e social.Emoji, r Render) CustomEmoji {
	url := cmp.Or(r.URLs.File(e.FileKey), r.URLs.Copied(e.ID, social.RemoteEmoji, e.ImageURL), page(e.ImageURL))
	return CustomEmoji{
		Shortcode: e.Shortcode, URL: url, StaticURL: cmp.Or(r.URLs.File(e.StaticKey), url), VisibleInPicker: e.VisibleInPicker,
	}
}

// FromPickerEmoji renders e for the list that people pick from, with the category that it stands under.
func FromPickerEmoji(e social.Emoji, r Render) CustomEmoji {
	out := FromEmoji(e, r)
	if e.Category != "" {
		out.Category, out.Featured = &e.Category, &e.Featured
	}
	return out
}

func emojis(es []social.Emoji, r Render) []CustomEmoji {
	return each(es, func(e social.Emoji) CustomEmoji { return FromEmoji(e, r) })
}
