package api

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/storage/storagetest/prepared"
)

// Whatever is sent to any route, in any encoding, nothing is our fault; and what is refused changes no row of any table, on
// either engine.
func TestRoutes_randomParameters(t *testing.T) {
	t.Parallel()
	prepared.Each(t, sendAnything)
}

// names are parameters of all endpoints, and some that nobody has.
var anyNames = strings.Fields("id id[] ids[a][b] q acct status visibility in_reply_to_id spoiler_text language sensitive limit offset max_id min_id since_id " +
	"types[] exclude_types[] account_id status_ids[] type resolve following local remote only_media any[] all[] none[] tagged pinned scheduled_at " +
	"title context[] expires_in keywords_attributes[][keyword] keywords_attributes[0][id] keywords_attributes[0][_destroy] phrase status_id home[last_read_id] " +
	"grouped_types[] expand_accounts media_ids[] poll[options][] poll[expires_in] poll[multiple] choices[] client_name redirect_uris scopes website display_name note locked " +
	"fields_attributes[0][name] fields_attributes[][value] source[privacy] access_token limit[] [] [[ a]b[ domain severity reject_media public_comment username email password agreement " +
	"reason name comment duration notifications reblogs notify languages[] replies_policy exclusive account_ids[] timeline[] subscription[endpoint] subscription[keys][auth] " +
	"subscription[keys][p256dh] data[alerts][mention] data[policy] quoted_status_id quote_approval_policy description focus media_attributes[0][id] allowed_mentions[] ip expires " +
	"for_bots filter_bots filter_action keyword whole_word category forward rule_ids[] attribution_domains[] delete_media text report_id")

func sendAnything(t *testing.T, dsn string) {
	w := newWorldOn(t, dsn)
	w.Act, w.Opened, w.random = nil, nil, true
	w.staff()
	mine, theirs := w.post("alice", "hello #random @bob"), w.post("bob", "hello #random @alice", "visibility=direct")
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	values := []string{
		"", "0", "-1", "1", "999999999999999999999", "9223372036854775807", "-9223372036854775808", "true", "false", "null", "undefined",
		"%", "_", "' OR 1=1 --", "\x00", "\xff\xfe", "é", "e\u0301", "#", "#random", "@", "@alice", "@alice@alpha.test", "@a@b@c", "acct:", "http://", "https://alpha.test/users/alice",
		"http://[::1", "javascript:alert(1)", "urn:ietf:wg:oauth:2.0:oob", "read", "nothing", "public", "private", "direct", "limited", "mention", "accounts", "home", "warn", "silence",
		"bad.test", "192.0.2.0/24", "2026-01-01T00:00:00Z", "tomorrow", strings.Repeat("x", 600), strings.Repeat("👩‍👩‍👧", 50), mine, theirs, w.id("bob"), "-99",
	}
	for _, as := range []string{"alice", "bob", "lena"} { // that somebody is here is noted once
		w.do(as, "GET", "/api/v1/preferences", "")
	}
	routes, fine, refused := w.routes(), 0, 0
	tables, count := openTables(t, dsn), 4000
	if tables.postgres {
		count = 1000 // each look at the tables is slow there
	}
	before := tables.sums()
	w.post("alice", "seen by the tables")
	if after := tables.sums(); maps.Equal(before, after) {
		t.Fatal("a post changed no table: the test sees nothing")
	}
	before = tables.sums()
	for i := range count {
		rt := routes[random.IntN(len(routes))]
		target := rt.target(strings.ReplaceAll(pick(values[1:]), "/", "."))
		form := url.Values{}
		for range random.IntN(5) {
			form.Add(pick(anyNames), pick(values))
		}
		req := anyRequest(pick, random.IntN(6), rt.method, target, form, mine)
		req.Header.Set("Idempotency-Key", pick([]string{"", "", "", "a", strings.Repeat("k", 300)}))
		as := pick([]string{"", "alice", "alice", "bob", "lena"})
		got := w.send(as, req)
		told := fmt.Sprintf("request %d as %q: %s %s %s: %d %.200s", i, as, rt.method, req.URL, form.Encode(), got.status, got.body)
		if got.status >= 500 && got.status != http.StatusServiceUnavailable {
			t.Fatal(told)
		}
		if kind := got.header.Get("Content-Type"); kind != "application/json; charset=utf-8" && got.status != http.StatusNoContent {
			t.Fatalf("%s: Content-Type %q", told, kind)
		}
		if got.status < 400 {
			before, fine = nil, fine+1
			continue
		}
		refused++
		if before == nil {
			before = tables.sums()
			continue // what came before it changed them
		}
		after := tables.sums()
		for table := range after {
			if before[table] != after[table] {
				t.Errorf("%s: and yet %s changed", told, table)
			}
		}
		before = after
	}
	if fine < count/10 || refused < count/10 {
		t.Errorf("of %d requests %d got as far as a 200 and %d were refused: the test tries too little", count, fine, refused)
	}
	t.Logf("%d of %d requests got a 200", fine, count)
}

// anyRequest sends form in one of the encodings, or something broken.
func anyRequest(pick func([]string) string, how int, method, target string, form url.Values, id string) *http.Request {
	switch how {
	case 0:
		return encodings["query"](method, target, form)
	case 1:
		return encodings["form"](method, target, form)
	case 2:
		return encodings["JSON"](method, target, form)
	case 3:
		return encodings["JSON with brackets in its names"](method, target, form)
	case 4:
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		for name, all := range form {
			for _, v := range all {
				_ = m.WriteField(name, v)
			}
		}
		f, _ := m.CreateFormFile(pick([]string{"file", "thumbnail", "avatar", "header", "status"}), pick([]string{"a.png", "../../x", ""}))
		_, _ = f.Write([]byte(pick([]string{"", "GIF89a", "\x89PNG\r\n\x1a\nnothing", "<html>", "\xff\xd8\xff\xe0"})))
		m.Close()
		r := httptest.NewRequest(method, target, &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return r
	}
	body := pick([]string{"", "{", "[]", "null", `{"status":{"a":[1,{"b":null}]}}`, fmt.Sprintf(`{"id":[%q,{}],"limit":1e99}`, id), strings.Repeat("[", 2000), "--x\r\n", "--x--\r\n"})
	r := httptest.NewRequest(method, target+"?"+form.Encode(), strings.NewReader(body))
	r.Header.Set("Content-Type", pick([]string{"application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ";;"}))
	return r
}

// tables looks at a database from outside, as it was committed.
type tables struct {
	t        *testing.T
	db       *sql.DB
	postgres bool
	names    []string
	version  int64
	last     map[string]string
}

func openTables(t *testing.T, dsn string) *tables {
	t.Helper()
	path, file := strings.CutPrefix(dsn, "sqlite:")
	driver, list := "pgx", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
	if file {
		driver, list, dsn = "sqlite", "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", path
	}
	if u, err := url.Parse(dsn); err == nil && !file { // what stands there for the pool of the server is unknown to this driver
		q := u.Query()
		maps.DeleteFunc(q, func(name string, _ []string) bool { return strings.HasPrefix(name, "pool_") })
		u.RawQuery = q.Encode()
		dsn = u.String()
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1) // data_version is of one connection
	x := &tables{t: t, db: db, postgres: !file}
	rows, err := db.Query(list)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		x.names = append(x.names, name)
	}
	if rows.Err() != nil || len(x.names) < 20 {
		t.Fatalf("tables: %v, %v", x.names, rows.Err())
	}
	return x
}

// sums is a number for each table that changes with any of its rows.
func (x *tables) sums() map[string]string {
	x.t.Helper()
	if !x.postgres {
		var version int64
		if err := x.db.QueryRow("PRAGMA data_version").Scan(&version); err != nil {
			x.t.Fatal(err)
		}
		if version == x.version && x.last != nil {
			return x.last
		}
		x.version = version
	}
	x.last = map[string]string{}
	for _, name := range x.names {
		x.last[name] = x.sum(name)
	}
	return maps.Clone(x.last)
}

func (x *tables) sum(name string) string {
	x.t.Helper()
	rows, err := x.db.Query(`SELECT * FROM "` + name + `"`)
	if err != nil {
		x.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		x.t.Fatal(err)
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(any)
	}
	var count, sum uint64
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			x.t.Fatal(err)
		}
		var row strings.Builder
		for _, cell := range cells {
			fmt.Fprintf(&row, "%v\x00", *cell.(*any))
		}
		hash := sha256.Sum256([]byte(row.String()))
		count, sum = count+1, sum+binary.LittleEndian.Uint64(hash[:])
	}
	if rows.Err() != nil {
		x.t.Fatal(rows.Err())
	}
	return fmt.Sprint(count, " ", sum)
}

// Parameters of any request are read without a fault, within bounds, as text that every database takes.
func FuzzParams(f *testing.F) {
	f.Add("a=b&c[]=1&c[]=2", "application/x-www-form-urlencoded", []byte("x[][y]=1&x[][y]=2"))
	f.Add("", "application/json", []byte(`{"poll":{"options":["a"]},"fields_attributes":[{"name":"n"}]}`))
	f.Add("id=1", "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"a[0][b]\"\r\n\r\nv\r\n--x--\r\n"))
	f.Add("%zz=%", "text/plain", []byte("\xff"))
	app := fiber.New()
	f.Fuzz(func(t *testing.T, query, kind string, body []byte) {
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.Header.SetMethod("POST")
		ctx.Request.SetRequestURI("/api/v1/statuses")
		ctx.Request.URI().SetQueryString(query)
		ctx.Request.Header.SetContentType(kind)
		ctx.Request.SetBody(body)
		c := app.AcquireCtx(ctx)
		defer app.ReleaseCtx(c)
		p, err := readParams(c)
		if err != nil {
			if known, theirs := problemOf(err); !theirs || known.status >= 500 {
				t.Fatalf("%v is our fault", err)
			}
			return
		}
		n := 0
		for name, all := range p {
			n += len(all)
			p.text(name)
			p.flag(name)
			p.list(name)
			p.ids(name)
			p.objects(name)
			if _, err := p.number(name, 1); err == nil {
				_, _ = p.id(name)
			}
			for _, v := range all {
				if _, err := json.Marshal(v); err != nil || strings.ContainsRune(v, 0) {
					t.Fatalf("%q = %q", name, v)
				}
			}
		}
		if n > maxValues {
			t.Fatalf("%d values were read", n)
		}
	})
}

// One word more than there may be is refused.
func TestParams_bounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := strings.Repeat("id[]=1&", maxValues+1)
	for how, req := range map[string]*http.Request{
		"query": httptest.NewRequest("GET", "/api/v1/accounts/relationships?"+many[:len("id[]=1&")*1000+1]+"&"+strings.Repeat("a[]=1&", 10), nil),
		"form":  encodings["form"]("POST", "/api/v1/statuses", url.Values{"id[]": slices.Repeat([]string{"1"}, maxValues+1)}),
		"JSON":  encodings["JSON"]("POST", "/api/v1/statuses", url.Values{"id[]": slices.Repeat([]string{"1"}, maxValues+1)}),
	} {
		if got := w.send("alice", req); got.status != http.StatusBadRequest {
			t.Errorf("too many in the %s: %d %.100s, want 400", how, got.status, got.body)
		}
	}
}
