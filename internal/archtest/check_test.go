package archtest

import (
	"strings"
	"testing"
)

func TestCheckImports(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pkg, imports string
		want         string // part of the one violation; empty: none
	}{
		{"federation/inbox", "orrery/federation/ingest", ""},
		{"federation/inbox", "orrery/federation/outbox", "inbox decides what arrived"},
		{"federation/outbox", "orrery/federation/inbox", "outbox says what social decided"},
		{"social", "orrery/storage", "no protocol, no SQL"},
		{"social", "orrery/social/richtext", ""},
		{"social/richtext", "orrery/social", "leaf"},
		{"internal/jobs", "orrery/internal/clock", ""},
		{"internal/jobs", "orrery/social", "mechanisms without domain"},
		{"server", "orrery/server/api", ""},
		{"server/api", "orrery/federation/vocab", ""},
		{"server/api", "orrery/server/web", "they meet in server"},
		{"server/stream", "orrery/lab", "they meet in server"},
		{"lab", "orrery/server", ""},
		{"lab", "orrery/federation/inbox", "does not reach into"},
		{"cmd/orrery", "orrery/observatory", ""},
		{"cmd/orrery", "orrery/storage/storagetest", "for tests"},
		{"storage", "orrery/storage/storagetest", "for tests"},
		{"storage", "orrery/federation/vocab", "plain types"},
		{"storage/storagetest", "orrery/internal/golden", ""},
		{"observatory", "orrery/fixtures", "takes no part"},
		{"gadgets", "fmt", "is not in the table"},
		{"server/gadgets", "fmt", "is not in the table"},

		{"server/api", "github.com/gofiber/fiber/v2", ""},
		{"server/api", "github.com/gofiber/fiber/v2/middleware/etag", ""},
		{"federation/inbox", "github.com/gofiber/fiber/v2", "its home is server/..."},
		{"federation/fetch", "github.com/go-fed/httpsig", "its home is federation/signature"},
		{"storage/sqldb", "github.com/jackc/pgx/v5/pgxpool", ""},
		{"activitylog", "modernc.org/sqlite", "its home is storage/..."},
		{"server/api", "github.com/a-h/templ", "its home is views/..."},
		{"views/log", "github.com/a-h/templ", ""},
		{"observatory", "github.com/tmaxmax/go-sse", "its home is internal/sse"},
		{"federation/translate", "github.com/microcosm-cc/bluemonday", "its home is social/richtext"},

		{"social", "net/http", "contracts.md 14"},
		{"storage/sqldb", "net/http", "contracts.md 14"},
		{"federation/ingest", "net/http", "contracts.md 14"},
		{"federation/inbox", "net/http", ""},
		{"federation/fetch", "net/http", ""},
	} {
		t.Run(tt.pkg+"→"+tt.imports, func(t *testing.T) {
			t.Parallel()
			expect(t, checkImports(Package{ImportPath: "orrery/" + tt.pkg, Imports: []string{tt.imports}}), tt.want)
		})
	}
}

func TestCheckSource(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, pkg, src string
		want           string
	}{
		{"error value", "social", `import "errors"; var ErrX = errors.New("x")`, ""},
		{"wrapped error value", "social", `import "fmt"; var ErrX = fmt.Errorf("x: %w", ErrY)`, ""},
		{"regexp", "social", `import "regexp"; var re = regexp.MustCompile("x")`, ""},
		{"embedded", "views", "import \"embed\"\n//go:embed static\nvar static embed.FS", ""},
		{"promise", "social", `var _ error = (*T)(nil)`, ""},
		{"table", "social", `var words = []string{"a"}; func f() string { return words[0] }`, ""},
		{"map as table", "social", `var words = map[string]int{"a": 1}`, ""},
		{"shared pointer", "social", `var nop = &recorder{}`, ""},
		{"error of its own kind", "social", `var ErrX = fault("x")`, ""},
		{"error declared without value", "social", `var ErrX error`, "has the package variable ErrX"},
		{"error replaced", "social", `import "errors"; var ErrX = errors.New("x"); func f() { ErrX = nil }`, "changes the package variable ErrX"},
		{"computed once", "fixtures", `import "sync"; var all = sync.OnceValue(read)`, ""},
		{"unknown call", "social", `var x = errors.New("x")`, "has the package variable x"},
		{"counter", "social", `var n int`, "has the package variable n"},
		{"number", "social", `var limit = 5`, "has the package variable limit"},
		{"empty map", "social", `var cache = map[string]int{}`, "has the package variable cache"},
		{"made map", "social", `var cache = make(map[string]int)`, "has the package variable cache"},
		{"mutex", "social", `import "sync"; var mu = sync.Mutex{}`, "has the package variable mu"},
		{"pointer to mutex", "social", `import "sync"; var mu = &sync.Mutex{}`, "has the package variable mu"},
		{"flag in product code", "social", `import "flag"; var v = flag.Bool("v", false, "")`, "has the package variable v"},
		{"flag in test support", "internal/golden", `import "flag"; var v = flag.Bool("v", false, "")`, ""},
		{"counter in test support", "internal/golden", `var n int`, "has the package variable n"},

		{"table assigned", "social", `var words = []string{"a"}; func f() { words = nil }`, "changes the package variable words"},
		{"element assigned", "social", `var words = []T{{}}; func f() { words[0].x = 1 }`, "changes the package variable words"},
		{"entry counted", "social", `var words = map[string]int{"a": 1}; func f() { words["a"]++ }`, "changes the package variable words"},
		{"entry deleted", "social", `var words = map[string]int{"a": 1}; func f() { delete(words, "a") }`, "changes the package variable words"},
		{"ranged into", "social", `var last = T{}; func f() { for last.i = range 3 {} }`, "changes the package variable last"},
		{"local of the same name", "social", `var words = []string{"a"}; func f() { words := 1; words = 2; _ = words }`, ""},
		{"parameter of the same name", "social", `var words = []string{"a"}; func f(words []string) { words[0] = "" }`, ""},
		{"field of the same name", "social", `var words = []string{"a"}; func f(t T) { t.words = nil }`, ""},
		{"another package's", "social", `import "orrery/internal/x"; func f() { x.Limit = 3 }`, "changes the package variable orrery/internal/x.Limit"},

		{"init", "social", `func init() {}`, "has a func init"},
		{"method init", "social", `func (t T) init() {}`, ""},

		{"clock called", "social", `import "time"; func f() { time.Now() }`, "uses time.Now (x.go:"},
		{"clock passed on", "server", `import "time"; func f() { g(time.Now) }`, "uses time.Now"},
		{"clock renamed", "server", `import t "time"; func f() { t.Sleep(1) }`, "uses time.Sleep"},
		{"clock in cmd", "cmd/orrery", `import "time"; func f() { time.Now() }`, ""},
		{"clock in clock", "internal/clock", `import "time"; func f() { time.After(1) }`, ""},
		{"clock in test support", "storage/storagetest", `import "time"; func f() { time.Now() }`, ""},
		{"arithmetic", "social", `import "time"; func f() { time.Unix(0, 0).Add(time.Hour) }`, ""},
		{"a local named time", "social", `import "time"; func f(time T) { time.Now() }`, ""},
		{"default client", "lab", `import "net/http"; func f() { http.DefaultClient.Do(nil) }`, "uses net/http.DefaultClient"},
		{"http.Get", "lab", `import "net/http"; func f() { http.Get("x") }`, "uses net/http.Get"},
		{"default logger", "server", `import "log/slog"; func f() { slog.Info("x") }`, "uses log/slog.Info"},
		{"given logger", "server", `import "log/slog"; func f(l *slog.Logger) { l.Info("x") }`, ""},
		{"environment", "internal/golden", `import "os"; func f() { os.Getenv("X") }`, ""},
		{"environment in product code", "lab", `import "os"; func f() { os.Getenv("X") }`, "uses os.Getenv"},
		{"status code in inbox", "federation/inbox", `import "net/http"; var _ = http.StatusAccepted`, ""},
		{"client in inbox", "federation/inbox", `import "net/http"; type t struct { c *http.Client }`, "uses net/http.Client"},
		{"request in inbox", "federation/inbox", `import "net/http"; func f() { http.NewRequest("", "", nil) }`, "uses net/http.NewRequest"},
		{"client in fetch", "federation/fetch", `import "net/http"; type t struct { c *http.Client }`, ""},

		{"SQL", "server/api", "const q = `\n\tSELECT id\n\tFROM statuses`", "begins like SQL"},
		{"SQL word alone on its line", "internal/jobs", "const q = `DELETE FROM\njobs`", "begins like SQL"},
		{"SQL at home", "storage", "const q = `SELECT id FROM statuses`", ""},
		{"SQL below home", "storage/sqldb", "const q = `UPDATE x SET y = 1`", ""},
		{"a sentence", "server/api", `const s = "Select a file. UPDATED is not UPDATE"`, ""},
		{"a longer word", "server/api", `const s = "UPDATED yesterday"`, ""},
		{"the word alone", "server/api", `const s = "UPDATE"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := readFile("x.go", "package p\n"+tt.src)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, checkSource(tt.pkg, []file{f}), tt.want)
		})
	}
}

func TestCheckSource_across_files(t *testing.T) {
	t.Parallel()
	a, err := readFile("a.go", `package p; var words = []string{"a"}`)
	if err != nil {
		t.Fatal(err)
	}
	b, err := readFile("b.go", `package p; func f() { words[0] = "b" }`)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, checkSource("social", []file{a, b}), "changes the package variable words (b.go:1)")
}

func TestReadFile_keeps_what_parses(t *testing.T) {
	t.Parallel()
	f, err := readFile("x.go", "package p\nfunc init() {}\nfunc (")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, checkSource("social", []file{f}), "has a func init (x.go:2)")
}

func expect(t *testing.T, got []Violation, want string) {
	t.Helper()
	if want == "" {
		if len(got) != 0 {
			t.Errorf("got %v, want no violation", got)
		}
		return
	}
	if len(got) != 1 || !strings.Contains(got[0].String(), want) {
		t.Errorf("got %v, want one violation with %q", got, want)
	}
}
