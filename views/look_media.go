package views

import (
	"strconv"

	"orrery/social"
)

// picture is the small version of a to load from here, "" for what is not shown as a picture.
func (l Look) picture(a social.Attachment) string {
	switch {
	case a.Kind == social.MediaImage && a.PreviewKey != "" && a.MediaType != "image/gif":
		return l.URLs.File(a.PreviewKey)
	case a.Kind == social.MediaImage && a.FileKey != "":
		return l.URLs.File(a.FileKey)
	case a.Kind == social.MediaImage:
		return l.URLs.Copied(a.ID, social.RemoteSmall, a.Pictured(social.RemoteSmall))
	}
	return ""
}

// whole is the large version of a picture.
func (l Look) whole(a social.Attachment) string {
	if a.FileKey != "" {
		return l.URLs.File(a.FileKey)
	}
	return l.URLs.Copied(a.ID, social.RemoteOriginal, a.RemoteURL)
}

// accepts is what the form's choice of files offers.
func (l Look) accepts() string {
	if l.Films {
		return "image/*,video/*,audio/*"
	}
	return "image/jpeg,image/png,image/gif,image/webp"
}

func named(a social.Attachment) string {
	if a.Description != "" {
		return a.Description
	}
	return mediaName(a.Kind)
}

// side is a length in pixels as browsers want it to keep room; nothing when it is not known.
func side(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func covered(as []social.Attachment) string {
	return "Show " + many(int64(len(as)), "file", "files") + " that may disturb"
}
