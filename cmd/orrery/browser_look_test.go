package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// fits checks that nothing sticks out at the side of a phone, and keeps pictures when they are asked for.
func (b *tab) fits(name string) {
	b.t.Helper()
	b.do("make it narrow", chromedp.EmulateViewport(400, 800))
	b.until("drawn", `document.readyState === "complete"`)
	if over := ask[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		wide := ask[string](b, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.tagName + "." + e.className).join(", ")`)
		b.t.Errorf("%s sticks out by %d px at 400 px: %s", name, over, wide)
	}
	b.picture(name + "-narrow")
	b.do("make it wide", chromedp.EmulateViewport(1400, 1000))
	if os.Getenv("ORRERY_SCREENSHOTS") == "" {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		b.colours(scheme)
		b.picture(name + "-" + scheme)
	}
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
