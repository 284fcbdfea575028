// Package media makes harmless, small and known what strangers upload: pictures are decoded within limits and written anew,
// films and sounds pass through the system's ffmpeg, and nothing of the bytes that came is ever kept for others to load.
//
// It knows no accounts, no files and no network. A newcomer's usual mistake is to believe what an upload says of itself: the
// name, the type and the size that it claims count for nothing, only what its bytes turn out to be.
package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Limits of what is taken (federation.md §12.3; Mastodon's API says them too).
const (
	MaxImageBytes  = 16 << 20
	MaxVideoBytes  = 99 << 20
	MaxImagePixels = 33_177_600 // 7680x4320
	MaxVideoPixels = 8_294_400  // 3840x2160, of moving pictures
	MaxFrameRate   = 120
)

// What is kept at most of a picture, in pixels; larger ones are made smaller.
const (
	originalPixels = 8_294_400
	smallPixels    = 400 * 400
)

// patience is how long one picture, and one film, may take.
const (
	picturePatience = 30 * time.Second
	filmPatience    = 90 * time.Second
)

// Refused is why an upload was not taken, in a sentence for who sent it. Any other error is a fault of ours.
type Refused struct {
	Sentence string
	Cause    error
}

func (r *Refused) Error() string {
	if r.Cause == nil {
		return r.Sentence
	}
	return r.Sentence + " (" + r.Cause.Error() + ")"
}

func (r *Refused) Unwrap() error { return r.Cause }

func refuse(cause error, format string, args ...any) error {
	return &Refused{fmt.Sprintf(format, args...), cause}
}

// unverified is what apps know Mastodon to say.
const unverified = "File type of uploaded media could not be verified"

// Shape is what a picture is for.
type Shape int

// Shapes. An avatar and a header are cut to their form, around the middle; an emoji stays small.
const (
	Attached Shape = iota
	Avatar         // at most 400x400
	Header         // at most 1500x500
	Emoji          // at most 256x256
)

// Made is what an upload became.
type Made struct {
	Kind            string // image, gifv, video, audio
	Original, Small Version
	Blurhash        string // "" for sounds
}

// Version is one file of a medium.
type Version struct {
	Content       []byte // nil when there is no such version
	Type          string // MIME type, one of those of Ending
	Width, Height int
	Duration      float64 // seconds
	FrameRate     string  // "30/1"
	Bitrate       int     // bits per second
}

// endings are all the types that are ever kept, with the ending of their files. What is not here is not served.
var endings = map[string]string{
	"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4", "audio/mpeg": "mp3",
}

// Ending is the end of the name of a file of a type, "" when no such files are kept.
func Ending(mediaType string) string { return endings[mediaType] }

// TypeOf is the type of a file by the ending of its name; false when no such files are kept.
func TypeOf(ending string) (string, bool) {
	for t, e := range endings {
		if e == ending {
			return t, true
		}
	}
	return "", false
}

// Maker makes media. Safe for concurrent use; at most two are made at once, as each may take much memory.
type Maker struct {
	// FFmpeg and FFprobe are the system's programs; "" when it has none. Then only pictures are taken.
	FFmpeg, FFprobe string
	// Temp is where films lie while they are made; "" is the system's folder.
	Temp string

	slots chan struct{}
}

// NewMaker returns a Maker that uses the programs at these paths, or none.
func NewMaker(ffmpeg, ffprobe string) *Maker {
	if ffmpeg == "" || ffprobe == "" {
		ffmpeg, ffprobe = "", ""
	}
	return &Maker{FFmpeg: ffmpeg, FFprobe: ffprobe, slots: make(chan struct{}, 2)}
}

// Films reports whether films and sounds are taken.
func (m *Maker) Films() bool { return m.FFmpeg != "" }

// Types are the MIME types that are taken, for apps to offer.
func (m *Maker) Types() []string {
	out := []string{"image/jpeg", "image/png", "image/gif", "image/webp"}
	if m.Films() {
		out = append(out, "video/webm", "video/mp4", "video/quicktime", "video/ogg", "audio/wave", "audio/wav", "audio/x-wav",
			"audio/ogg", "audio/vorbis", "audio/mpeg", "audio/mp3", "audio/webm", "audio/flac", "audio/aac", "audio/m4a",
			"audio/x-m4a", "audio/mp4")
	}
	return out
}

// MaxBytes is how large an upload may be.
func (m *Maker) MaxBytes() int {
	if m.Films() {
		return MaxVideoBytes
	}
	return MaxImageBytes
}

// Slow reports whether content takes long to make, so that it should not be waited for: films, sounds and, where ffmpeg makes
// films of them, moving GIFs.
func (m *Maker) Slow(content []byte) bool {
	switch t := sniff(content); t {
	case "image/jpeg", "image/png", "image/webp", "":
		return false
	case "image/gif":
		return m.Films() && frames(content) > 1
	}
	return true
}

// Check refuses at once what Make would refuse without looking further.
func (m *Maker) Check(content []byte) error {
	t := sniff(content)
	switch {
	case len(content) == 0:
		return refuse(nil, "The file is empty: choose another.")
	case t == "":
		return refuse(nil, unverified)
	case !picture(t) && !m.Films():
		return refuse(nil, "This server takes pictures only: send a JPEG, PNG, GIF or WebP file.")
	case picture(t) && len(content) > MaxImageBytes:
		return refuse(nil, "The picture is too large: at most 16 MB are possible.")
	case len(content) > MaxVideoBytes:
		return refuse(nil, "The file is too large: at most 99 MB are possible.")
	}
	return nil
}

// Make turns content into what is kept of it. Errors: Refused.
func (m *Maker) Make(ctx context.Context, content []byte, shape Shape) (Made, error) {
	if err := m.Check(content); err != nil {
		return Made{}, err
	}
	select {
	case m.slots <- struct{}{}:
		defer func() { <-m.slots }()
	case <-ctx.Done():
		return Made{}, ctx.Err()
	}
	t := sniff(content)
	if !picture(t) && shape != Attached {
		return Made{}, refuse(nil, unverified)
	}
	if picture(t) && !(t == "image/gif" && shape == Attached && m.Slow(content)) {
		ctx, cancel := context.WithTimeout(ctx, picturePatience)
		defer cancel()
		return makePicture(ctx, content, t, shape)
	}
	ctx, cancel := context.WithTimeout(ctx, filmPatience)
	defer cancel()
	return m.film(ctx, content)
}

func picture(t string) bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp"}, t)
}

// sniff is the type of content by how it begins, "" when it is none that could be taken.
func sniff(content []byte) string {
	at := func(i int, s string) bool { return len(content) >= i+len(s) && string(content[i:i+len(s)]) == s }
	switch {
	case at(0, "\xff\xd8\xff"):
		return "image/jpeg"
	case at(0, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case at(0, "GIF87a"), at(0, "GIF89a"):
		return "image/gif"
	case at(0, "RIFF") && at(8, "WEBP"):
		return "image/webp"
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav"
	case at(4, "ftyp"):
		return "video/mp4"
	case at(0, "\x1aE\xdf\xa3"):
		return "video/webm"
	case at(0, "OggS"):
		return "video/ogg"
	case at(0, "fLaC"):
		return "audio/flac"
	case at(0, "ID3"), at(0, "\xff\xfb"), at(0, "\xff\xf3"), at(0, "\xff\xf2"):
		return "audio/mpeg"
	case at(0, "\xff\xf1"), at(0, "\xff\xf9"):
		return "audio/aac"
	}
	return ""
}

// until reads and stops when ctx ends, so that whatever decodes what it reads does too.
type until struct {
	ctx  context.Context
	from io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.from.Read(p)
}

// late tells a medium that took too long from one that is broken.
func late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return refuse(err, "The file takes too long to read: send a smaller or simpler one.")
	}
	return refuse(err, "The file is damaged and cannot be read: save it anew and send that.")
}
