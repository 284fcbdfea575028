// Package lab runs several instances in one process, with people and a follow graph: for people to watch, on loopback
// HTTP and the real clock; for a scenario, on a network of memory and a clock that moves by hand.
//
// It sets instances up and takes turns; what they say to each other crosses real HTTP either way. A newcomer's usual
// mistake is to let a script touch an instance directly: people act through the client API, so that the same script could
// drive other software.
package lab

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/internal/broadcast"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/server"
	"orrery/social"
	"orrery/views"
)

// Server is one server to be set up.
type Server struct {
	Name   string
	Policy policy.Policy
}

// Person is somebody to live on a server.
type Person struct {
	Name, Display, Server string
	Locked                bool
}

// Edge is one follow: who follows whom.
type Edge struct{ Follower, Followed string }

// Plan is what a lab consists of.
type Plan struct {
	Servers []Server
	People  []Person
	Follows []Edge
}

// Host is one running server of a lab.
type Host struct {
	Name     string
	Instance *server.Instance
}

// Lab is several running instances.
type Lab struct {
	Plan  Plan
	Hosts []*Host
	Log   *activitylog.Log
	Clock clock.Clock
	// SetUpUntil is the last entry of the lab's own set-up.
	SetUpUntil observe.ExchangeID
	// Watch is asked after every job of a stepped lab; its error ends Settle and Advance. nil asks nobody.
	Watch func(ctx context.Context) error

	stepped *clock.Stepped // nil on the real clock
	wake    *broadcast.Signal
	ids     *snowflake.Generator
	net     *Network          // nil on loopback
	stopped map[string]bool   // servers that do nothing
	client  http.RoundTripper // how a program on this machine reaches the hosts
	closers []func() error
	running sync.WaitGroup
	stopRun context.CancelFunc
}

// world is what differs between the kinds of labs.
type world struct {
	clock       clock.Clock
	stepped     *clock.Stepped
	ids         *snowflake.Generator
	positions   *activitylog.Positions
	wake        *broadcast.Signal
	rand        io.Reader
	keys        func(name string) string
	origin      func(name string) string
	transport   func(host string) http.RoundTripper
	database    func(name string) string
	files       func(name string) social.Files
	ffmpeg      [2]string // ffmpeg and ffprobe
	synchronous string
	log         *slog.Logger
	face        *server.LabFace
	merged      *activitylog.Log // to be filled anew; nil for a log of its own
}

// build opens every instance of the plan.
func build(ctx context.Context, plan Plan, w world) (*Lab, error) {
	l := &Lab{Plan: plan, Clock: w.clock, stepped: w.stepped, wake: w.wake, ids: w.ids, stopped: map[string]bool{}}
	scheme, _, _ := strings.Cut(w.origin("x"), "://")
	for _, s := range plan.Servers {
		origin := w.origin(s.Name)
		_, host, _ := strings.Cut(origin, "://")
		i, err := server.New(ctx, server.Config{
			Origin: origin, Name: s.Name, Title: s.Name, Description: s.Name + " is a server of a lab.", Database: w.database(s.Name),
			Synchronous: w.synchronous, Policy: s.Policy, Alone: true, Lab: w.face, FFmpeg: w.ffmpeg[0], FFprobe: w.ffmpeg[1],
		}, server.World{
			Clock: w.clock, IDs: w.ids, Transport: w.transport(host), SchemeOf: func(string) string { return scheme },
			Rand: w.rand, Positions: w.positions, Keys: w.keys, Files: w.files(s.Name), Stepped: w.stepped != nil, AtOnce: w.stepped == nil, Log: w.log,
			Woken: w.wake.Notify,
		})
		if err != nil {
			l.Close()
			return nil, err
		}
		l.Hosts = append(l.Hosts, &Host{Name: s.Name, Instance: i})
		l.closers = append(l.closers, i.Close)
	}
	var sources []activitylog.Named
	for _, h := range l.Hosts {
		last, err := h.Instance.Source().LastPosition(ctx)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("last position of %s: %w", h.Name, err)
		}
		w.positions.Seen(last)
		sources = append(sources, activitylog.Named{Name: h.Name, Host: h.Instance.Host(), Source: h.Instance.Source()})
	}
	if l.Log = w.merged; l.Log == nil {
		l.Log = activitylog.NewLog(w.wake)
	}
	l.Log.Replace(sources...)
	return l, nil
}

// Host returns the server of that name, nil when there is none.
func (l *Lab) Host(name string) *Host {
	for _, h := range l.Hosts {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// Find returns a person and their server, by name.
func (l *Lab) Find(name string) (Person, *Host, error) {
	for _, p := range l.Plan.People {
		if p.Name == name {
			return p, l.Host(p.Server), nil
		}
	}
	return Person{}, nil, fmt.Errorf("nobody in this lab is called %q", name)
}

// Account returns the account of a person.
func (l *Lab) Account(ctx context.Context, name string) (social.Account, *Host, error) {
	_, h, err := l.Find(name)
	if err != nil {
		return social.Account{}, nil, err
	}
	a, err := h.Instance.Services.Store.AccountByHandle(ctx, name, "")
	return a, h, err
}

// Token mints an access token with which a program may act for a person.
func (l *Lab) Token(ctx context.Context, name string) (token string, h *Host, err error) {
	a, h, err := l.Account(ctx, name)
	if err != nil {
		return "", nil, err
	}
	token, _, err = h.Instance.Services.SignIns.Token(ctx, a.ID, 0, "read write follow push")
	return token, h, err
}

// Client reaches the lab's hosts from this process.
func (l *Lab) Client() *http.Client { return &http.Client{Transport: l.client} }

// Start does the background work of every instance until Close.
func (l *Lab) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	l.stopRun = cancel
	for _, h := range l.Hosts {
		l.running.Add(1)
		go func() {
			defer l.running.Done()
			_ = h.Instance.Run(ctx) // it ends without an error when ctx does
		}()
	}
}

// Close ends streams and background work and closes the databases.
func (l *Lab) Close() error {
	if l.stopRun != nil {
		l.stopRun()
	}
	l.running.Wait()
	var first error
	for i := len(l.closers) - 1; i >= 0; i-- {
		if err := l.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	l.closers = nil
	return first
}

// hue gives each server of the plan its colour.
func hue(plan Plan, name string) int {
	for i, s := range plan.Servers {
		if s.Name == name {
			return i%views.Hues + 1
		}
	}
	return 0
}

// quiet is how long a lab on the real clock must be silent before it counts as settled, besides having nothing due.
const quiet = 20 * time.Millisecond
