package oauth_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"orrery/server"
	"orrery/social"
)

// A browser holds form-action against every redirect after the form: to the app, and from there to where the app goes on.
// The page runs without scripts.
func TestBrowser_isLedBackToTheApp(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("ORRERY_TEST_REQUIRE"), ","), "browser") {
			t.Fatalf("a browser is required by ORRERY_TEST_REQUIRE: %v", err)
		}
		t.Skipf("no browser: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	here := "http://localhost:" + port
	w := newWorld(t, func(c *server.Config) { c.Origin = here })
	go func() { _ = server.Serve(t.Context(), l, w.in.HandleFast, w.in.EndStreams) }()

	// The app takes the code at one origin and goes on to another, as Elk does.
	codes, arrived := make(chan string, 1), make(chan struct{}, 1)
	final := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		select {
		case arrived <- struct{}{}:
		default: // the browser asks for the icon too
		}
	}))
	t.Cleanup(final.Close)
	taken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		codes <- r.URL.Query().Get("code")
		http.Redirect(w, r, final.URL, http.StatusFound)
	}))
	t.Cleanup(taken.Close)
	back := taken.URL + "/cb"
	stored, _, err := w.in.Services.SignIns.App(t.Context(), social.App{Name: "Elk", RedirectURIs: []string{back}, Scopes: "read write"})
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"client_id": {stored.ClientID}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"read"}}

	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("blink-settings", "scriptEnabled=false"), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	allow := chromedp.CSS("input[name=account] ~ button.primary")
	if err := chromedp.Do(ctx,
		chromedp.Navigate(here+authorize(q)),
		chromedp.SendKeys(chromedp.CSS("input[name=username]"), "alice"),
		chromedp.SendKeys(chromedp.CSS("input[name=password]"), password),
		chromedp.Click(chromedp.CSS("main button[type=submit]"), chromedp.NodeVisible),
		chromedp.WaitVisible(allow),
		chromedp.Click(allow, chromedp.NodeVisible),
	); err != nil {
		t.Fatal(err)
	}
	select {
	case code := <-codes:
		if _, _, err := w.in.Services.Grants.Exchange(t.Context(), stored, social.Exchange{Code: code, RedirectURI: back}); err != nil {
			t.Errorf("the code is not good: %v", err)
		}
	case <-ctx.Done():
		t.Fatal("the browser did not come to the app")
	}
	select {
	case <-arrived:
	case <-time.After(time.Minute):
		t.Error("the browser was held up on the way from the app's server to its page")
	}
}
