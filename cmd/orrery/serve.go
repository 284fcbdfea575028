package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/policy"
	"orrery/internal/broadcast"
	"orrery/internal/clock"
	"orrery/internal/lockfile"
	"orrery/internal/snowflake"
	"orrery/observatory"
	"orrery/scenarios"
	"orrery/scenarios/runs"
	"orrery/server"
	"orrery/views"
)

// place says which instance a command is about.
type place struct {
	Origin   string `help:"Address of the server as others see it, such as https://social.example.org. It cannot be changed later." env:"ORRERY_ORIGIN" required:"" placeholder:"URL"`
	Database string `help:"Where its data live: sqlite:PATH or postgres://…" env:"ORRERY_DATABASE" default:"sqlite:orrery.db"`
	Policy   string `help:"How it behaves." env:"ORRERY_POLICY" default:"mastodon-4.1"`
}

type serveCmd struct {
	place
	mediaPlace
	Listen       string   `help:"Address to listen on, behind a proxy that ends TLS." env:"ORRERY_LISTEN" default:"127.0.0.1:8080"`
	Title        string   `help:"Name of the server, for people." env:"ORRERY_TITLE" placeholder:"TEXT"`
	Description  string   `help:"A sentence about the server." env:"ORRERY_DESCRIPTION" placeholder:"TEXT"`
	RateLimits   float64  `help:"How often apps may ask: 1 is as often as on Mastodon, 2 twice as often, 0 without limit." env:"ORRERY_RATE_LIMITS" default:"1" placeholder:"FACTOR"`
	Operator     []string `help:"Username that may see the whole log; may be repeated." env:"ORRERY_OPERATOR" placeholder:"NAME"`
	Scenarios    bool     `help:"Run scenarios that visitors send, each in a small lab of its own; signed in or not." env:"ORRERY_SCENARIOS"`
	AllowNetwork []string `help:"Private network that the server may speak to, such as 127.0.0.0/8; may be repeated. Others are refused." env:"ORRERY_ALLOW_NETWORK" placeholder:"CIDR"`
}

func (c serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	transport, err := guarded(c.AllowNetwork)
	if err != nil {
		return err
	}
	kept, err := c.mediaPlace.files(ctx, c.Database)
	if err != nil {
		return err
	}
	wake := &broadcast.Signal{}
	i, release, err := c.place.open(ctx, log, func(cfg *server.Config, w *server.World) {
		cfg.Title, cfg.Description, cfg.RateLimits = c.Title, c.Description, c.RateLimits
		cfg.FFmpeg, cfg.FFprobe = programs()
		w.Files = kept
		w.Transport, w.Woken = transport, wake.Notify
	}, true)
	if err != nil {
		return err
	}
	defer release()
	l, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program. Stop that one, or choose another address with --listen", c.Listen)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be listened on (%w). Choose another address with --listen", c.Listen, err)
	}
	var desk *runs.Desk
	if c.Scenarios {
		desk, err = serveDesk(ctx, i, log)
		if err != nil {
			return err
		}
		defer desk.Close()
	}
	background := make(chan struct{})
	go func() { defer close(background); _ = i.Run(ctx) }()
	fmt.Printf("%s is served on %s.\n", c.Origin, l.Addr())
	err = server.Serve(ctx, l, c.route(ctx, i, wake, desk, log), i.EndStreams)
	<-background
	return err
}

// mediaFolder is where media are kept.
func mediaFolder(given, database string) string {
	path, file := strings.CutPrefix(database, "sqlite:")
	switch {
	case given != "":
		return given
	case file:
		return filepath.Join(filepath.Dir(path), "media")
	}
	return "media"
}

// programs are the system's ffmpeg and ffprobe, "" for what it does not have.
func programs() (ffmpeg, ffprobe string) {
	ffmpeg, _ = exec.LookPath("ffmpeg")
	ffprobe, _ = exec.LookPath("ffprobe")
	return ffmpeg, ffprobe
}

// route puts the observatory before the instance, with the log of this one server.
func (c serveCmd) route(ctx context.Context, i *server.Instance, wake *broadcast.Signal, desk *runs.Desk, log *slog.Logger) fasthttp.RequestHandler {
	merged := activitylog.NewLog(wake, activitylog.Named{Name: i.Config.Name, Host: i.Host(), Source: i.Source()})
	watch := mount(&observatory.Observatory{
		Log: merged, Servers: []views.ServerLink{{Name: i.Config.Name, Origin: c.Origin, Hue: views.Hue(i.Config.Name)}},
		Known: []knowledge.Server{scenarios.Known(i.Config.Name, i.Config.Policy)},
		Viewer: func(f *fiber.Ctx) (string, bool) {
			a, ok := signedIn(f, i)
			return a.URI, ok && slices.Contains(c.Operator, a.Username)
		},
		Still:  func(f *fiber.Ctx) func(context.Context) bool { return still(f, i) },
		Closed: i.Services.Domains.Limited,
		Frame: func(f *fiber.Ctx, p views.Page) views.Page {
			if a, ok := signedIn(f, i); ok {
				p.Viewer = &a
			}
			return p
		},
		Https: strings.HasPrefix(c.Origin, "https://"), Stop: ctx.Done(), Slog: log, Runs: desk,
	})
	return func(f *fasthttp.RequestCtx) {
		if !server.Admit(f) || !i.Meant(f) {
			return
		}
		path := string(f.Path())
		if path == "/lab" || strings.HasPrefix(path, "/lab/") || strings.HasPrefix(path, "/api/orrery/") {
			watch(f)
			return
		}
		i.HandleRouted(f)
	}
}

// open opens the instance. alone: this process is the one that serves this database, and takes up at once what an earlier
// one was doing when it died; where the database is a file, a lock on it keeps a second one away.
func (p place) open(ctx context.Context, log *slog.Logger, more func(*server.Config, *server.World), alone bool) (*server.Instance, func(), error) {
	u, err := url.Parse(p.Origin)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return nil, nil, fmt.Errorf("%q is no origin. Give the server's address without a path, such as https://social.example.org", p.Origin)
	}
	pol, err := policy.Named(p.Policy)
	if err != nil {
		return nil, nil, err
	}
	path, file := strings.CutPrefix(p.Database, "sqlite:")
	unlock := func() {}
	if alone && file {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, nil, fmt.Errorf("the folder of %s cannot be made (%w). Choose another with --database", path, err)
		}
		lock, err := lockfile.Acquire(path + ".lock")
		if err != nil {
			return nil, nil, fmt.Errorf("the database %s cannot be taken: %w", path, err)
		}
		unlock = func() { _ = lock.Release() }
	}
	c := clock.Real{}
	cfg := server.Config{Origin: u.Scheme + "://" + strings.ToLower(u.Host), Database: p.Database, Synchronous: "FULL", Policy: pol, Alone: alone}
	w := server.World{
		Clock: c, IDs: snowflake.New(c.Now), Rand: rand.Reader, Log: log, Transport: offline{},
		SchemeOf: func(string) string { return u.Scheme }, AtOnce: true,
	}
	if more != nil {
		more(&cfg, &w)
	}
	i, err := server.New(ctx, cfg, w)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return i, func() { _ = i.Close(); unlock() }, nil
}

// offline is the network of commands that only change the database.
type offline struct{}

func (offline) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("this command asks no other server")
}
