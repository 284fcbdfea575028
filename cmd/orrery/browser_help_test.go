package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to show what it should; far more than it needs, for a busy machine.
const patience = time.Minute

// chromium starts a browser for the test, or leaves the test out where there is none.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("ORRERY_TEST_REQUIRE"), ","), "browser") {
			t.Fatalf("a browser is required by ORRERY_TEST_REQUIRE: %v", err)
		}
		t.Skipf("no browser: %v", err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	defer time.AfterFunc(patience, cancel).Stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// tab is one tab of the browser. Whatever its console says against a page fails the test at the end.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	said     []string
	excepted []string // parts of messages that the test provokes
}

// visitor opens a tab with cookies of its own.
func visitor(t *testing.T, browser context.Context) *tab {
	t.Helper()
	return newTab(t, browser, chromedp.WithNewBrowserContext())
}

// another opens a tab beside b, with the same cookies.
func (b *tab) another() *tab { b.t.Helper(); return newTab(b.t, b.ctx) }

func newTab(t *testing.T, in context.Context, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(in, append(options, chromedp.WithListener(b.hear))...)
	t.Cleanup(cancel)
	b.ctx = ctx
	// A tab lives as long as the context of what is done in it first, so that one has no deadline but is ended.
	defer time.AfterFunc(patience, cancel).Stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.EmulateViewport(1400, 1000)); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, said := range b.said {
			if !slices.ContainsFunc(b.excepted, func(part string) bool { return strings.Contains(said, part) }) {
				t.Errorf("the browser complains: %s", said)
			}
		}
	})
	return b
}

func (b *tab) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			said = e.Entry.Text + " " + e.Entry.URL
		}
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			said += " " + x.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, a := range e.Args {
				said += string(a.Value) + a.Description + " "
			}
		}
	}
	if said != "" {
		b.mu.Lock()
		b.said = append(b.said, said)
		b.mu.Unlock()
	}
}

// do performs steps, or fails with what they were for and what the page shows.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\nthe page:\n%s", what, err, b.page())
	}
}

func (b *tab) page() string {
	text, err := evaluate[string](b, `location.href + "\n" + document.body.innerText`, 2*time.Second)
	if err != nil {
		return err.Error()
	}
	return text
}

func (b *tab) open(url string) { b.t.Helper(); b.do("open "+url, chromedp.Navigate(url)) }

// press clicks what the selector finds, as a hand does.
func (b *tab) press(css string) {
	b.t.Helper()
	b.do("press "+css, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// leave presses a thing that leads to another page, and waits until that is there.
func (b *tab) leave(css string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("press %s: %v\nthe page:\n%s", css, err, b.page())
	}
}

func (b *tab) write(css, text string) {
	b.t.Helper()
	b.do("write into "+css, chromedp.SendKeys(chromedp.CSS(css), text, chromedp.NodeVisible))
}

func (b *tab) keys(keys string) { b.t.Helper(); b.do("press "+keys, chromedp.KeyEvent(keys)) }

// ask evaluates an expression on the page.
func ask[T any](b *tab, js string) T {
	b.t.Helper()
	v, err := evaluate[T](b, js, patience)
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// evaluate is a question to the page; one that the browser forgets, as it may when the page changes meanwhile, ends after a time.
func evaluate[T any](b *tab, js string, within time.Duration) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](js))
}

// until waits for an expression to become true; pages may change under it.
func (b *tab) until(what, js string) {
	b.t.Helper()
	deadline, tick := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := evaluate[bool](b, "!!("+js+")", patience/4)
		if err == nil && ok {
			return
		}
		select {
		case <-deadline:
			b.t.Fatalf("%s: still not, after %s (%v)\nthe page:\n%s", what, patience, err, b.page())
		case <-tick.C:
		}
	}
}

// shows waits until elements of the selector contain the text, in any case of white space.
func (b *tab) shows(css, text string) {
	b.t.Helper()
	b.until(css+" shows "+text, showing(css, text))
}

func showing(css, text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.innerText.replace(/\s+/g, " ").includes(%s))`, js(css), js(text))
}

// js writes a text as JavaScript reads it.
func js(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be written
	return string(quoted)
}

// become changes person with the switcher that every page has.
func (b *tab) become(name string) {
	b.t.Helper()
	b.press(".menu > summary")
	b.leave(fmt.Sprintf(`.menu-items form:has(input[value^="%s@"]) button`, name))
	b.until("be "+name, fmt.Sprintf(`location.pathname === "/home" && document.querySelector(".menu summary").innerText.includes("@%s")`, name))
}

// comes opens a page again and again until it shows what other servers are still busy with.
func (b *tab) comes(url, css, text string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		b.open(url)
		if ask[bool](b, showing(css, text)) {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s of %s never shows %q:\n%s", css, url, text, b.page())
		}
	}
}

// signIn enters the lab as somebody, from the lab's home.
func (b *tab) signIn(r *running, name string) {
	b.t.Helper()
	b.open(r.at("", "/"))
	b.leave(fmt.Sprintf(`form[action="/lab/enter"]:has(input[name=person][value^="%s@"]) .btn`, name))
	b.until("be "+name, fmt.Sprintf(`location.pathname === "/home" && document.querySelector(".menu summary").innerText.includes("@%s")`, name))
}

// post writes a post into the form of the page.
func (b *tab) post(text string) {
	b.t.Helper()
	b.write("#compose-text", text)
	b.press("#compose .primary")
	b.until("the form is empty again", `document.querySelector("#compose-text").value.trim().replace(/^(@\S+\s*)+$/, "") === ""`)
}

// withoutScripts makes the tab one of a browser that runs none.
func (b *tab) withoutScripts() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	if err != nil {
		b.t.Fatal(err)
	}
}

// acceptQuestions answers yes to what the page asks in a dialog.
func (b *tab) acceptQuestions() {
	b.t.Helper()
	err := chromedp.Listen(b.ctx, func(event any) {
		if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
			go func() {
				_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
}
