package media

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// film makes a film, a moving GIF or a sound with the system's ffmpeg. It reads one file, may open no other thing and no
// connection, and what it writes is bounded; its clock is ctx.
func (m *Maker) film(ctx context.Context, content []byte) (Made, error) {
	folder, err := os.MkdirTemp(m.Temp, "orrery-media-")
	if err != nil {
		return Made{}, fmt.Errorf("make a folder for a film: %w", err)
	}
	defer os.RemoveAll(folder)
	in := filepath.Join(folder, "in")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		return Made{}, fmt.Errorf("write a film: %w", err)
	}
	found, err := m.probe(ctx, in)
	if err != nil {
		return Made{}, err
	}
	if found.picture == nil {
		return m.sound(ctx, folder, found)
	}
	p := *found.picture
	if p.Width < 1 || p.Height < 1 || int64(p.Width)*int64(p.Height) > MaxVideoPixels {
		return Made{}, refuse(nil, "The film has %d by %d pixels, which is more than is possible: make it smaller.", p.Width, p.Height)
	}
	if p.rate() > MaxFrameRate {
		return Made{}, refuse(nil, "The film has more than %d pictures a second: make it slower.", MaxFrameRate)
	}
	made := Made{Kind: "video"}
	sound := []string{"-c:a", "aac", "-b:a", "128k"}
	if found.sound == nil {
		made.Kind, sound = "gifv", []string{"-an"}
	}
	out := filepath.Join(folder, "out.mp4")
	args := []string{"-map", "0:v:0", "-map", "0:a:0?", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p",
		"-vf", "crop=floor(iw/2)*2:floor(ih/2)*2", "-movflags", "+faststart"}
	if err := m.run(ctx, in, append(args, sound...), "mp4", out); err != nil {
		return Made{}, err
	}
	if made.Original, err = m.written(ctx, out, "video/mp4"); err != nil {
		return Made{}, err
	}
	still := filepath.Join(folder, "still.png")
	if err := m.run(ctx, out, []string{"-map", "0:v:0", "-frames:v", "1", "-c:v", "png"}, "image2", still); err != nil {
		return Made{}, err
	}
	raw, err := os.ReadFile(still)
	if err != nil {
		return Made{}, fmt.Errorf("read the first picture of a film: %w", err)
	}
	first, err := makePicture(ctx, raw, "image/png", Attached)
	made.Small, made.Blurhash = first.Small, first.Blurhash
	return made, err
}

// sound makes an MP3 of a sound.
func (m *Maker) sound(ctx context.Context, folder string, found probed) (Made, error) {
	if found.sound == nil {
		return Made{}, refuse(nil, unverified)
	}
	out := filepath.Join(folder, "out.mp3")
	args := []string{"-map", "0:a:0", "-vn", "-c:a", "libmp3lame", "-q:a", "2", "-ac", "2"}
	if err := m.run(ctx, filepath.Join(folder, "in"), args, "mp3", out); err != nil {
		return Made{}, err
	}
	made := Made{Kind: "audio"}
	var err error
	made.Original, err = m.written(ctx, out, "audio/mpeg")
	return made, err
}

// run lets ffmpeg write format to out, without metadata.
func (m *Maker) run(ctx context.Context, in string, args []string, format, out string) error {
	all := []string{"-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-threads", "1", "-protocol_whitelist", "file",
		"-format_whitelist", readable, "-i", in}
	all = append(all, args...)
	all = append(all, "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fs", strconv.Itoa(MaxVideoBytes), "-f", format, out)
	_, err := m.call(ctx, m.FFmpeg, all)
	return err
}

// readable are the containers that are opened. Lists of other files, such as HLS and concat, are not among them.
const readable = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,wav,flac,mp3,aac,gif,png_pipe,image2"

// probed is what ffprobe says of a file.
type probed struct {
	picture, sound *stream
	duration       float64
	bitrate        int
}

type stream struct {
	Type   string `json:"codec_type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Rate   string `json:"avg_frame_rate"`
	// Disposition tells a film from the cover of a record.
	Disposition struct {
		Cover int `json:"attached_pic"`
	} `json:"disposition"`
}

func (s stream) rate() float64 {
	over, under, _ := strings.Cut(s.Rate, "/")
	a, _ := strconv.ParseFloat(over, 64)
	b, _ := strconv.ParseFloat(under, 64)
	if b == 0 {
		return 0
	}
	return a / b
}

func (m *Maker) probe(ctx context.Context, path string) (probed, error) {
	raw, err := m.call(ctx, m.FFprobe, []string{"-v", "error", "-protocol_whitelist", "file", "-format_whitelist", readable,
		"-show_streams", "-show_format", "-of", "json", path})
	if err != nil {
		return probed{}, err
	}
	var doc struct {
		Streams []stream `json:"streams"`
		Format  struct {
			Duration string `json:"duration"`
			Bitrate  string `json:"bit_rate"`
		} `json:"format"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return probed{}, fmt.Errorf("read what ffprobe says: %w", err)
	}
	var p probed
	for i, s := range doc.Streams {
		if s.Type == "video" && s.Disposition.Cover == 0 && p.picture == nil {
			p.picture = &doc.Streams[i]
		}
		if s.Type == "audio" && p.sound == nil {
			p.sound = &doc.Streams[i]
		}
	}
	p.duration, _ = strconv.ParseFloat(doc.Format.Duration, 64)
	p.bitrate, _ = strconv.Atoi(doc.Format.Bitrate)
	if math.IsNaN(p.duration) || math.IsInf(p.duration, 0) {
		p.duration = 0
	}
	return p, nil
}

// written reads what ffmpeg wrote, and measures it.
func (m *Maker) written(ctx context.Context, path, t string) (Version, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Version{}, fmt.Errorf("read what ffmpeg wrote: %w", err)
	}
	p, err := m.probe(ctx, path)
	if err != nil {
		return Version{}, err
	}
	v := Version{Content: content, Type: t, Duration: p.duration, Bitrate: p.bitrate}
	if p.picture != nil {
		v.Width, v.Height, v.FrameRate = p.picture.Width, p.picture.Height, p.picture.Rate
	}
	return v, nil
}

// call runs a program with nothing of our environment and returns at most a mebibyte of what it prints.
func (m *Maker) call(ctx context.Context, program string, args []string) ([]byte, error) {
	c := exec.CommandContext(ctx, program, args...)
	c.Env, c.WaitDelay = []string{"LC_ALL=C"}, 2*time.Second
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = atMost{&out}, atMost{&complaint}
	if err := c.Run(); err != nil {
		if said := strings.TrimSpace(complaint.String()); said != "" {
			err = fmt.Errorf("%w: %.300s", err, said)
		}
		return nil, late(ctx, fmt.Errorf("%s: %w", filepath.Base(program), err))
	}
	return out.Bytes(), nil
}

// atMost drops what is beyond a mebibyte.
type atMost struct{ *bytes.Buffer }

func (a atMost) Write(p []byte) (int, error) {
	if room := 1<<20 - a.Len(); room < len(p) {
		_, _ = a.Buffer.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return a.Buffer.Write(p)
}

var _ io.Writer = atMost{}
