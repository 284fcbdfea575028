package main

import (
	_ "embed"
	"errors"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/sound.js
var soundness string

// states are how a page is looked at: in a wide window by day and by night, on a phone, and at twice the size.
var states = []struct {
	name          string
	width, height int
	scale         float64
	scheme        string
}{
	{"light", 1400, 1000, 1, "light"},
	{"dark", 1400, 1000, 1, "dark"},
	{"narrow", 400, 800, 1, "light"},
	{"narrow-dark", 400, 800, 1, "dark"},
	{"zoomed", 640, 480, 2, "light"}, // a window of 1280 by 960 at 200 %
}

// sound checks what the page owes to everybody in each state, and keeps pictures when they are asked for.
func (b *tab) sound(name string) {
	b.t.Helper()
	b.until("drawn", `document.readyState === "complete"`)
	said := map[string]bool{} // what is wrong everywhere is told once
	for _, s := range states {
		b.do("look at it "+s.name, chromedp.EmulateViewport(int64(s.width), int64(s.height), chromedp.EmulateScale(s.scale)))
		b.colours(s.scheme)
		for _, wrong := range ask[[]string](b, soundness) {
			if !said[wrong] {
				said[wrong] = true
				b.t.Errorf("%s, %s: %s", name, s.name, wrong)
			}
		}
		b.picture(name + "-" + s.name)
	}
	b.do("make it wide again", chromedp.EmulateViewport(1400, 1000))
	b.colours("light")
}

func (b *tab) colours(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// picture keeps what the page looks like, when ORRERY_SCREENSHOTS names a folder.
func (b *tab) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("ORRERY_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err = errors.Join(err, os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)); err != nil {
		b.t.Fatal(err)
	}
}
