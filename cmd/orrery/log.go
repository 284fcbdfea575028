package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

type logCmd struct {
	Tail logTailCmd `cmd:"" help:"Print entries as they happen, one sentence a line."`
	Show logShowCmd `cmd:"" help:"Print one entry with everything that is known of it, as JSON."`
}

// observer says where the log is read: another process owns the database (contracts.md 27).
type observer struct {
	URL string `help:"Address of the lab or server." default:"http://localhost:8080" env:"ORRERY_URL"`
}

type logTailCmd struct {
	observer
	Server string `help:"Only this server." placeholder:"NAME"`
	Type   string `help:"Only activities of this type." placeholder:"TYPE"`
	Last   int    `help:"Begin with so many entries that are there already." default:"20"`
	JSON   bool   `help:"Print entries as JSON lines."`
}

func (c logTailCmd) Run(ctx context.Context) error {
	q := url.Values{"limit": {fmt.Sprint(max(c.Last, 1))}}
	for name, v := range map[string]string{"server": c.Server, "type": c.Type} {
		if v != "" {
			q.Set(name, v)
		}
	}
	since := "0"
	var rows []json.RawMessage
	if err := c.get(ctx, "/api/orrery/v1/log?"+q.Encode(), &rows); err != nil {
		return err
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if pos := c.print(rows[i], i < c.Last); len(pos) > len(since) || len(pos) == len(since) && pos > since {
			since = pos
		}
	}
	q.Set("since", since)
	q.Del("limit")
	res, err := c.open(ctx, "/api/orrery/v1/log/stream?"+q.Encode())
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			c.print(json.RawMessage(data), true)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("the stream from %s ended. Start it again when the lab runs", c.URL)
}

// print writes one entry and returns its position.
func (c logTailCmd) print(row json.RawMessage, visible bool) string {
	var e struct {
		ID, Pos, Sentence, Outcome string
		At                         time.Time
	}
	if json.Unmarshal(row, &e) != nil || !visible {
		return e.Pos
	}
	if c.JSON {
		fmt.Println(string(row))
	} else {
		fmt.Printf("%s  %s  %-8s %s\n", e.At.Local().Format("15:04:05.000"), e.ID, e.Outcome, e.Sentence)
	}
	return e.Pos
}

type logShowCmd struct {
	observer
	ID string `arg:"" help:"Id of the entry."`
}

func (c logShowCmd) Run(ctx context.Context) error {
	var entry json.RawMessage
	if err := c.get(ctx, "/api/orrery/v1/log/"+url.PathEscape(c.ID), &entry); err != nil {
		return err
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(entry)
}

func (o observer) get(ctx context.Context, path string, into any) error {
	res, err := o.open(ctx, path)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

// open asks the observatory; names under localhost are this machine, which Go's resolver does not know.
func (o observer) open(ctx context.Context, path string) (*http.Response, error) {
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
			addr = net.JoinHostPort("127.0.0.1", port)
		}
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, addr)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(o.URL, "/")+path, nil)
	if err != nil {
		return nil, fmt.Errorf("%q is no address. Give one such as http://localhost:8080 with --url", o.URL)
	}
	res, err := (&http.Client{Transport: &http.Transport{DialContext: dial}}).Do(req)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("nothing answers at %s. Start a lab with: orrery lab, or give another address with --url", o.URL)
	}
	if res.StatusCode != http.StatusOK {
		defer res.Body.Close()
		var e struct{ Error string }
		body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		if json.Unmarshal(body, &e) == nil && e.Error != "" {
			return nil, fmt.Errorf("%s", e.Error)
		}
		return nil, fmt.Errorf("%s answered %d. Is it an orrery?", o.URL, res.StatusCode)
	}
	return res, nil
}
