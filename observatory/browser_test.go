package observatory

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// browser starts Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("ORRERY_TEST_REQUIRE"), ","), "browser") {
			t.Fatalf("a browser is required by ORRERY_TEST_REQUIRE: %v", err)
		}
		t.Skipf("Chromium is left out: %v", err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1400, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// shot keeps a picture when somebody asks for them by ORRERY_SCREENSHOTS, the folder to put them in.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("ORRERY_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+name+".png", png, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBrowserFollowsTheLog(t *testing.T) {
	ctx := browser(t)
	w := newWorld(t)
	s := w.story()
	base := w.serve()
	do := func(what string, actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	row := func(id string) string { return `//tr[@id="e-` + id + `"]` }
	ask := func(script string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatalf("%s: %v", script, err)
		}
		return strings.Join(strings.Fields(text), " ")
	}
	do("open the log", chromedp.Navigate(base+"/lab/log?server="), chromedp.WaitVisible(`[data-pause]`))

	first := w.hostile("not JSON")
	do("a row arrives", chromedp.WaitVisible(row(first.String())))
	if text := ask(`document.querySelector("#rows tr").id`); text != "e-"+first.String() {
		t.Errorf("the top row is %s, want the new one, e-%d", text, first)
	}
	shot(t, ctx, "live")

	w.decide("masto", s.taken, observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})
	do("a row tells more", chromedp.WaitVisible(row(s.forwarded.String())+`//span[contains(., "dropped there")]`))

	w.look("masto", "techhub", "key", "/users/blaine", rules.FetchKey, s.taken, s.taken)
	w.look("masto", "techhub", "fetch", "/users/blaine/followers", rules.FetchCounts, s.taken, s.taken)
	do("look-ups share a line", chromedp.WaitVisible(`//tr[@data-fold="lookups-masto"]//summary[starts-with(., "2 look-ups")]`))

	do("open an entry", chromedp.Click(row(s.forwarded.String())+`//a`), chromedp.WaitVisible(`#drawer .sentence`))
	shot(t, ctx, "open")
	second := w.hostile("still not JSON")
	do("what is new waits", chromedp.WaitVisible(`[data-waiting]`))
	if text := ask(`document.querySelector("[data-waiting]").innerText`); text != "1 new" {
		t.Errorf("the button says %q, want %q", text, "1 new")
	}
	do("and comes when asked", chromedp.Click(`[data-waiting]`), chromedp.WaitVisible(row(second.String())))

	do("pause", chromedp.Click(`[data-pause]`))
	third := w.hostile("never JSON")
	do("counts while paused", chromedp.WaitVisible(`[data-waiting]`))
	do("go on", chromedp.Click(`[data-pause]`), chromedp.WaitVisible(row(third.String())))
	if twice := ask(`(() => { const ids = [...document.querySelectorAll("tr.entry")].map(r => r.id); return String(ids.length - new Set(ids).size) })()`); twice != "0" {
		t.Errorf("%s rows stand twice", twice)
	}
	w.o.Log.Replace()
	w.signal.Notify()
	do("a log that began anew is shown anew", chromedp.WaitVisible(`//h2[starts-with(., "Nothing has crossed the wire yet") or starts-with(., "Nothing fits")]`))
}
