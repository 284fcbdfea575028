package media

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// halves is a picture whose left half is red and whose right half is blue.
func halves(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if x < w/2 {
				img.Set(x, y, color.NRGBA{200, 0, 0, 255})
			} else {
				img.Set(x, y, color.NRGBA{0, 0, 200, 255})
			}
		}
	}
	return img
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// jpegOf has an Exif block with an orientation and a place where it was taken.
func jpegOf(t testing.TB, img image.Image, orientation byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 52.5 13.4"...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), b.Bytes()[2:]...)
}

func gifOf(t testing.TB, n int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for i := range n {
		p := image.NewPaletted(image.Rect(0, 0, 8, 6), color.Palette{color.Black, color.White})
		p.SetColorIndex(i%8, 0, 1)
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMake(t *testing.T) {
	t.Parallel()
	m := NewMaker("", "")
	clear := halves(60, 40)
	clear.Set(0, 0, color.NRGBA{})
	for _, tt := range []struct {
		name          string
		content       []byte
		shape         Shape
		original      string
		w, h          int
		smallW, small int
	}{
		{"a PNG stays one", pngOf(t, halves(60, 40)), Attached, "image/png", 60, 40, 60, 40},
		{"what can be seen through stays so", pngOf(t, clear), Attached, "image/png", 60, 40, 60, 40},
		{"a preview has 160,000 pixels", pngOf(t, halves(1600, 900)), Attached, "image/png", 1600, 900, 533, 300},
		{"a large one is made smaller", pngOf(t, image.NewGray(image.Rect(0, 0, 5000, 2500))), Attached, "image/png", 4072, 2036, 565, 282},
		{"a JPEG lying on its side is put upright", jpegOf(t, halves(60, 40), 6), Attached, "image/jpeg", 40, 60, 40, 60},
		{"a GIF that does not move is a PNG", gifOf(t, 1), Attached, "image/png", 8, 6, 8, 6},
		{"a GIF that moves is kept", gifOf(t, 3), Attached, "image/gif", 8, 6, 8, 6},
		{"an avatar is cut", pngOf(t, halves(900, 600)), Avatar, "image/png", 400, 400, 0, 0},
		{"a header is cut", pngOf(t, halves(900, 600)), Header, "image/png", 900, 300, 0, 0},
		{"a thin avatar", pngOf(t, halves(3000, 2)), Avatar, "image/png", 2, 2, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := m.Make(t.Context(), tt.content, tt.shape)
			if err != nil {
				t.Fatal(err)
			}
			o, s := got.Original, got.Small
			if o.Type != tt.original || o.Width != tt.w || o.Height != tt.h || s.Width != tt.smallW || s.Height != tt.small {
				t.Errorf("made %s %dx%d and %dx%d, want %s %dx%d and %dx%d", o.Type, o.Width, o.Height, s.Width, s.Height, tt.original, tt.w, tt.h, tt.smallW, tt.small)
			}
			if read, _, err := image.DecodeConfig(bytes.NewReader(o.Content)); err != nil || read.Width != o.Width || read.Height != o.Height {
				t.Errorf("the original reads as %dx%d (%v)", read.Width, read.Height, err)
			}
			if got.Kind != "image" || len(got.Blurhash) != 36 {
				t.Errorf("kind %q, blurhash %q", got.Kind, got.Blurhash)
			}
		})
	}
}

// Exif counts how often a picture was turned; whichever it is, upright the red half is where the camera saw it.
func TestMake_turns(t *testing.T) {
	t.Parallel()
	for orientation, at := range map[byte]image.Point{1: {2, 20}, 2: {57, 20}, 3: {57, 20}, 4: {2, 20}, 5: {20, 2}, 6: {20, 2}, 7: {20, 57}, 8: {20, 57}} {
		got, err := NewMaker("", "").Make(t.Context(), jpegOf(t, halves(60, 40), orientation), Attached)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(got.Original.Content))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := img.At(at.X, at.Y).RGBA(); r < 0x8000 || b > 0x4000 {
			t.Errorf("orientation %d: at %v red is %x and blue %x, want red", orientation, at, r, b)
		}
	}
}

func TestMake_leavesNothingBesidesPixels(t *testing.T) {
	t.Parallel()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	f, err := z.Create("payload.html")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("<script>")); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	moving := gifOf(t, 2)
	comment := append(append([]byte{}, moving[:len(moving)-1]...), "!\xfe\x08<script>\x00;"...)
	for name, content := range map[string][]byte{
		"a picture that is a zip too":   append(pngOf(t, halves(9, 9)), archive.Bytes()...),
		"a GIF that is a zip too":       append(append([]byte{}, moving...), archive.Bytes()...),
		"a GIF with a comment":          comment,
		"a JPEG that says where it was": jpegOf(t, halves(9, 9), 1),
	} {
		got, err := NewMaker("", "").Make(t.Context(), content, Attached)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, v := range []Version{got.Original, got.Small} {
			for _, left := range []string{"PK\x03\x04", "payload", "<script>", "GPS", "Exif"} {
				if bytes.Contains(v.Content, []byte(left)) {
					t.Errorf("%s: %q is left in the %s", name, left, v.Type)
				}
			}
		}
	}
}

// declared is a PNG of one pixel that says it is larger.
func declared(t testing.TB, w, h uint32) []byte {
	b := pngOf(t, halves(1, 1))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestMake_refuses(t *testing.T) {
	t.Parallel()
	whole := pngOf(t, halves(300, 300))
	for name, content := range map[string][]byte{
		"nothing":                       {},
		"HTML that is called a picture": []byte("<html><script>alert(1)</script></html>"),
		"SVG":                           []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
		"XML before SVG":                []byte(`<?xml version="1.0"?><svg/>`),
		"HTML behind the mark of a PNG": []byte("\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"),
		"HTML behind the mark of a GIF": []byte("GIF89a<html><script>alert(1)</script></html>"),
		"a program":                     []byte("MZ\x90\x00" + strings.Repeat("\x00", 200)),
		"a zip":                         []byte("PK\x03\x04" + strings.Repeat("\x00", 200)),
		"one pixel that says 60,000":    declared(t, 60_000, 60_000),
		"one pixel that says 2^31":      declared(t, 1<<31-1, 1<<31-1),
		"more than there is":            declared(t, 5000, 5000),
		"a bomb":                        pngOf(t, image.NewGray(image.Rect(0, 0, 8000, 4200))),
		"cut off":                       whole[:len(whole)/2],
		"only a head":                   whole[:33],
		"a JPEG cut off":                jpegOf(t, halves(99, 99), 1)[:200],
		"a WebP without anything":       []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00\x00\x00\x00\x00"),
		"too large":                     append(pngOf(t, halves(1, 1)), make([]byte, MaxImageBytes)...),
		"a film":                        []byte("\x00\x00\x00\x18ftypmp42" + strings.Repeat("\x00", 99)),
		"a list of other files":         []byte("#EXTM3U\nfile:///etc/passwd\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := NewMaker("", "").Make(t.Context(), content, Attached)
			var refused *Refused
			if !errors.As(err, &refused) || refused.Sentence == "" {
				t.Errorf("made %s of %d bytes, %v; want a refusal", got.Original.Type, len(got.Original.Content), err)
			}
		})
	}
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := makePicture(late, whole, "image/png", Attached); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a picture that takes too long: %v", err)
	}
}

func FuzzMake(f *testing.F) {
	f.Add(pngOf(f, halves(9, 9)))
	f.Add(jpegOf(f, halves(9, 9), 6))
	f.Add(gifOf(f, 3))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00"))
	m := NewMaker("", "")
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := m.Make(t.Context(), content, Attached)
		if err != nil {
			return
		}
		if _, known := TypeOf(Ending(got.Original.Type)); !known || sniff(got.Original.Content) != got.Original.Type {
			t.Errorf("made %s, which begins as %q", got.Original.Type, sniff(got.Original.Content))
		}
		_ = orientation(content, got.Original.Type)
	})
}

// The picture of blurha.sh's own test is not ours to copy; a plain colour has a hash that can be worked out by hand.
func TestBlurhash(t *testing.T) {
	t.Parallel()
	plain := image.NewNRGBA(image.Rect(0, 0, 50, 30))
	for i := range plain.Pix {
		plain.Pix[i] = 255
	}
	got := Blurhash(plain)
	if got[0] != 'U' || got[2:6] != "TSUA" || len(got) != 36 {
		t.Errorf("a white picture is %q, want 4 by 4 waves around TSUA, which is white", got)
	}
	if a, b := Blurhash(halves(90, 60)), Blurhash(turn(halves(90, 60), 2)); a == b {
		t.Errorf("mirrored, the picture has the same hash %q", a)
	}
}

func tools(t *testing.T) *Maker {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	probe, err2 := exec.LookPath("ffprobe")
	if err != nil || err2 != nil {
		t.Skip("films: ffmpeg is not installed")
	}
	return NewMaker(ffmpeg, probe)
}

// film makes a second of a test picture, and a tone.
func film(t *testing.T, m *Maker, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(m.FFmpeg, append(append([]string{"-v", "error"}, args...), "pipe:1")...).Output()
	if err != nil {
		t.Fatalf("ffmpeg %v: %v", args, err)
	}
	return out
}

func TestMake_films(t *testing.T) {
	t.Parallel()
	m := tools(t)
	picture, tone := []string{"-f", "lavfi", "-i", "testsrc=s=64x48:r=10:d=1"}, []string{"-f", "lavfi", "-i", "sine=d=1"}
	for _, tt := range []struct {
		name, kind, original string
		content              []byte
		w, h                 int
	}{
		{"a film without sound", "gifv", "video/mp4", film(t, m, append(picture, "-c:v", "libvpx", "-f", "webm")...), 64, 48},
		{"a film with sound", "video", "video/mp4", film(t, m, append(append(picture, tone...), "-metadata", "title=secret", "-c:v", "libvpx", "-c:a", "libvorbis", "-f", "webm")...), 64, 48},
		{"a sound", "audio", "audio/mpeg", film(t, m, append(tone, "-f", "ogg")...), 0, 0},
		{"a moving GIF", "gifv", "video/mp4", gifOf(t, 5), 8, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !m.Slow(tt.content) {
				t.Error("is not slow")
			}
			got, err := m.Make(t.Context(), tt.content, Attached)
			if err != nil {
				t.Fatal(err)
			}
			o := got.Original
			if got.Kind != tt.kind || o.Type != tt.original || o.Width != tt.w || o.Height != tt.h || o.Duration < 0.4 || o.Duration > 1.5 || o.Bitrate == 0 {
				t.Errorf("made %s %s %dx%d, %v s, %d bit/s", got.Kind, o.Type, o.Width, o.Height, o.Duration, o.Bitrate)
			}
			if (tt.kind == "audio") != (got.Small.Content == nil) || bytes.Contains(o.Content, []byte("secret")) {
				t.Errorf("a preview of %d bytes; the title is left: %v", len(got.Small.Content), bytes.Contains(o.Content, []byte("secret")))
			}
		})
	}
	for name, content := range map[string][]byte{
		"a film that is none":           []byte("\x00\x00\x00\x18ftypmp42" + strings.Repeat("\x00", 99)),
		"a list behind a film's mark":   []byte("OggS\n#EXTM3U\nfile:///etc/passwd\n"),
		"a sound that is none":          []byte("ID3<html>"),
		"a film with too many pictures": film(t, m, "-f", "lavfi", "-i", "testsrc=s=64x48:r=240:d=0.2", "-c:v", "libvpx", "-f", "webm"),
	} {
		var refused *Refused
		if _, err := m.Make(t.Context(), content, Attached); !errors.As(err, &refused) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

// bytesOfGIF is a GIF of n empty pictures: 16 bytes each, so that a small file could keep its reader busy for ever.
func bytesOfGIF(w, h uint16, n int) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, w)
	b = binary.LittleEndian.AppendUint16(b, h)
	b = append(b, 0x80, 0, 0, 0, 0, 0, 255, 255, 255)
	for range n {
		b = append(b, ',', 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0)
	}
	return append(b, ';')
}

// pngChunk is one of a PNG, with its sum.
func pngChunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// Files that are small and would become large, or never end, are refused in little time, or made as what they show.
func TestMake_bombs(t *testing.T) {
	t.Parallel()
	moving := gifOf(t, 3)
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	_, _ = z.Write(make([]byte, 64<<20))
	z.Close()
	plain := pngOf(t, halves(9, 9))
	withText := slices.Concat(plain[:33], pngChunk("zTXt", append([]byte("Comment\x00\x00"), zeros.Bytes()...)), pngChunk("iCCP", append([]byte("icc\x00\x00"), zeros.Bytes()...)), plain[33:])
	pixels := slices.Concat(declared(t, 10, 10)[:33], pngChunk("IDAT", zeros.Bytes()), pngChunk("IEND", nil))
	page := append(jpegOf(t, halves(9, 9), 1), "<html><script>alert(1)</script></html>"...)
	for _, tt := range []struct {
		name    string
		content []byte
		taken   bool
	}{
		{"a GIF of more pictures than anybody looks at", bytesOfGIF(1, 1, maxFrames+1), false},
		{"a GIF that says it is 65535 wide and high", bytesOfGIF(65535, 65535, 1), false},
		{"a moving GIF as large as a picture may be, and larger than a film", bytesOfGIF(7000, 4000, 2), false},
		{"a moving GIF that is cut off is its first picture", moving[:len(moving)-4], true},
		{"a GIF whose parts never end is its first picture", append(append([]byte{}, moving[:len(moving)-1]...), bytes.Repeat([]byte("\xff"), 4096)...), true},
		{"a WebP that says it is 16384 wide and high", []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00\x00\x00\x00\x00"), false},
		{"64 MiB of comment in a small PNG", withText, true},
		{"64 MiB of pixels in a PNG that says it has a hundred", pixels, true},
		{"a picture that is a page too", page, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := NewMaker("", "").Make(t.Context(), tt.content, Attached)
			var refused *Refused
			if err != nil && (!errors.As(err, &refused) || refused.Sentence == "") || err == nil && !tt.taken {
				t.Errorf("made %s of %d bytes, %v; want it taken: %v", got.Original.Type, len(got.Original.Content), err, tt.taken)
			}
			if len(got.Original.Content) > 64<<10 || bytes.Contains(got.Original.Content, []byte("<script>")) {
				t.Errorf("%d bytes are kept: %.80q", len(got.Original.Content), got.Original.Content)
			}
		})
	}
}
