package observatory

import (
	"encoding/json"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/internal/golden"
)

func TestAPIAnswersAsTheContractSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	_, full := w.ask(t, "GET", "/api/orrery/v1/log/"+s.taken.String(), "")
	golden.JSON(t, "entry", []byte(full))
	_, list := w.ask(t, "GET", "/api/orrery/v1/log?outcome=failed", "")
	golden.JSON(t, "list", []byte(list))
	_, local := w.ask(t, "GET", "/api/orrery/v1/log?direction=local&server=academy", "")
	golden.JSON(t, "local", []byte(local))
}

func TestAPIListsAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	list := func(query string) (rows []activitylog.Row, link string) {
		t.Helper()
		res, body := w.ask(t, "GET", "/api/orrery/v1/log"+query, "")
		if err := json.Unmarshal([]byte(body), &rows); err != nil || res.StatusCode != 200 {
			t.Fatalf("GET log%s: status %d, %v: %s", query, res.StatusCode, err, body)
		}
		return rows, res.Header.Get("Link")
	}
	all, _ := list("?limit=200")
	for i, r := range all {
		if r.Direction == "local" {
			t.Errorf("entry %s is local, want those only with direction=local", r.ID)
		}
		if i > 0 && atoi(t, r.ID) >= atoi(t, all[i-1].ID) {
			t.Errorf("entry %s stands after %s, want newest first across servers", r.ID, all[i-1].ID)
		}
	}
	var walked []string
	query := "?limit=5"
	for range 20 {
		rows, link := list(query)
		for _, r := range rows {
			walked = append(walked, r.ID)
		}
		next, _, ok := strings.Cut(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		if !ok {
			break
		}
		query = next[strings.Index(next, "?"):]
	}
	if len(walked) != len(all) {
		t.Errorf("walking by Link gives %d entries, want all %d", len(walked), len(all))
	}
	above, _ := list("?limit=2&after=" + s.refused.String())
	if len(above) != 1 || above[0].ID != s.failed.String() {
		t.Errorf("after %d = %v, want entry %d", s.refused, above, s.failed)
	}
	above, _ = list("?limit=2&after=" + s.setUp.String())
	if len(above) != 2 || atoi(t, above[1].ID) != int64(s.sent) {
		t.Errorf("after %d = %v, want the page just above, from %d", s.setUp, above, s.sent)
	}
	since, _ := list("?since=1&limit=200")
	for i := 1; i < len(since); i++ {
		if atoi(t, since[i].Pos) <= atoi(t, since[i-1].Pos) {
			t.Errorf("since: position %s after %s, want oldest change first", since[i].Pos, since[i-1].Pos)
		}
	}
	for query, want := range map[string]int{"?server=masto&direction=in": 2, "?type=Like": 1, "?peer=gone.example": 1, "?kind=webfinger": 1,
		"?q=HELLO%20WORLD": 0, "?server=nowhere": 0} {
		if rows, _ := list(query); query != "?q=HELLO%20WORLD" && len(rows) != want || query == "?q=HELLO%20WORLD" && len(rows) == 0 {
			t.Errorf("log%s has %d entries, want %d", query, len(rows), want)
		}
	}
}

func TestAPIRefusesWithASentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	refused := func(method, path, body string, status int, field string, header ...string) {
		t.Helper()
		res, text := w.ask(t, method, path, body, header...)
		var got struct {
			Error string
			Field *string
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || res.StatusCode != status || got.Error == "" {
			t.Errorf("%s %s: status %d %s, want %d and a sentence", method, path, res.StatusCode, text, status)
			return
		}
		if f := ""; got.Field != nil && *got.Field != field || got.Field == nil && field != f {
			t.Errorf("%s %s: field %v, want %q", method, path, got.Field, field)
		}
		if res.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s: offers itself to other sites", method, path)
		}
	}
	const log = "/api/orrery/v1/log"
	refused("GET", log+"?direction=up", "", 400, "direction")
	refused("GET", log+"?kind=mail", "", 400, "kind")
	refused("GET", log+"?outcome=fine", "", 400, "outcome")
	for _, limit := range []string{"0", "201", "-1", "many", "1e2"} {
		refused("GET", log+"?limit="+limit, "", 400, "limit")
	}
	refused("GET", log+"?before=abc", "", 400, "before")
	refused("GET", log+"?after=0x10", "", 400, "after")
	refused("GET", log+"?since=-5", "", 400, "since")
	refused("GET", log+"/stream?since=x", "", 400, "since")
	refused("GET", log+"?q="+strings.Repeat("a", 3000), "", 400, "q")
	refused("GET", log+"/0", "", 404, "id")
	refused("GET", log+"/987654321", "", 404, "id")
	refused("GET", "/api/orrery/v1/nothing", "", 404, "")
	refused("GET", log, "", 403, "", "Origin", "https://evil.test")
	refused("GET", log, "", 403, "", "Origin", "null")
	refused("GET", log, "", 403, "", "Origin", "https://"+host("academy"))
	refused("GET", log+"/"+s.sent.String(), "", 403, "", "Sec-Fetch-Site", "cross-site")

	const tokens = "/api/orrery/v1/lab/tokens"
	refused("POST", tokens, `{"account":"alice@academy"}`, 403, "", "Content-Type", "text/plain")
	refused("POST", tokens, `{"account":"alice@academy"}`, 403, "", "Content-Type", "application/json", "Origin", "https://evil.test")
	refused("POST", tokens, `{"account":"zoe@academy"}`, 422, "account", "Content-Type", "application/json")
	refused("POST", tokens, `account=alice`, 400, "", "Content-Type", "application/json")
	res, token := w.ask(t, "POST", tokens, `{"account":"alice@academy"}`, "Content-Type", "application/json; charset=utf-8")
	if res.StatusCode != 200 {
		t.Errorf("token: status %d, want 200", res.StatusCode)
	}
	golden.JSON(t, "token", []byte(token))
	w.o.Lab = nil
	refused("POST", tokens, `{"account":"alice@academy"}`, 404, "", "Content-Type", "application/json")
}
