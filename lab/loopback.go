package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"

	"orrery/activitylog"
	"orrery/internal/broadcast"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/server"
	"orrery/social"
	"orrery/storage/files"
	"orrery/views"
)

// Loopback is a lab that people use: real HTTP on one port of this machine, the real clock, data in a folder.
type Loopback struct {
	Router *Router
	Log    *activitylog.Log
	Port   int
	wake   *broadcast.Signal

	plan      func(Graph) Plan
	folder    *folder
	log       *slog.Logger
	listeners []net.Listener
	positions *activitylog.Positions
	tickets   tickets
	ffmpeg    [2]string

	mu    sync.Mutex // held while the lab is set up or changed
	lab   *Lab
	graph Graph
}

// LoopbackOptions are the choices of `orrery lab`.
type LoopbackOptions struct {
	Plan  func(Graph) Plan
	Graph string // "" for the one that holds, or the default
	Port  int    // 0 picks one
	// Unasked says that nobody insists on Port: a lab that is there already stays on its own.
	Unasked bool
	Dir     string // "" for a temporary folder
	Fresh   bool
	Log     *slog.Logger
	FFmpeg  [2]string // paths of ffmpeg and ffprobe, "" for none
}

// OpenLoopback takes the folder and the port. Errors are sentences for the person who started it.
func OpenLoopback(o LoopbackOptions) (*Loopback, error) {
	f, err := openFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	l := &Loopback{ffmpeg: o.FFmpeg, plan: o.Plan, folder: f, log: o.Log, positions: activitylog.NewPositions(0), wake: &broadcast.Signal{}}
	l.Log = activitylog.NewLog(l.wake)
	if err := l.choose(o); err != nil {
		return nil, errors.Join(err, f.close())
	}
	if err := l.listen(o.Port); err != nil {
		return nil, errors.Join(err, f.close())
	}
	l.Router = newRouter(l.Port)
	return l, nil
}

// choose settles which graph and port hold, from what was asked for and what the folder says.
func (l *Loopback) choose(o LoopbackOptions) error {
	if o.Fresh {
		if err := l.folder.clear(l.plan(Graphs()[0])); err != nil {
			return err
		}
	}
	if err := l.folder.read(); err != nil {
		return err
	}
	wanted := o.Port
	if o.Unasked {
		wanted = 0
	}
	if err := l.folder.fits(wanted, l.plan(Graphs()[0])); err != nil {
		return err
	}
	name := Graphs()[0].Name
	if l.folder.state != nil {
		name, l.Port = l.folder.state.Graph, l.folder.state.Port
	}
	if o.Graph != "" {
		name = o.Graph
	}
	var err error
	l.graph, err = GraphNamed(name)
	return err
}

// Start serves and sets the lab up; everything is there when it returns.
func (l *Loopback) Start(ctx context.Context) error {
	srv := server.NewHTTP(l.Router.HandleFast)
	for _, ln := range l.listeners {
		go func() {
			if err := srv.Serve(ln); err != nil {
				l.log.Error("serve", "address", ln.Addr().String(), "err", err)
			}
		}()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.setUp(ctx)
}

// setUp opens the instances and, when the folder is new, makes people and follows. l.mu is held.
func (l *Loopback) setUp(ctx context.Context) error {
	plan, known := l.plan(l.graph), l.folder.state
	if known != nil {
		plan.Follows = nil // they hold already, or were ended by somebody
	}
	c := clock.Real{}
	made, err := build(ctx, plan, l.world(c, plan))
	if err != nil {
		return err
	}
	made.client = l.transport()
	l.lab = made
	l.Router.serve(made)
	if err := made.populate(ctx); err != nil {
		return err
	}
	if known == nil {
		return l.remember(int64(made.SetUpUntil))
	}
	made.SetUpUntil = activitylog.ID(known.SetUpUntil)
	if known.Graph != l.graph.Name {
		g := l.graph
		if l.graph, err = GraphNamed(known.Graph); err != nil {
			return err
		}
		return l.change(ctx, g)
	}
	return nil
}

func (l *Loopback) world(c clock.Real, plan Plan) world {
	suffix := fmt.Sprintf(".localhost:%d", l.Port)
	origin := func(name string) string { return "http://" + name + suffix }
	return world{
		clock: c, ids: snowflake.New(c.Now), positions: l.positions, wake: l.wake, rand: rand.Reader, log: l.log,
		origin: origin, transport: func(string) http.RoundTripper { return l.transport() }, synchronous: "NORMAL",
		database: func(name string) string { return "sqlite:" + filepath.Join(l.folder.dir, name+".db") },
		files:    func(name string) social.Files { return files.NewFolder(l.folder.media(name)) },
		ffmpeg:   l.ffmpeg,
		merged:   l.Log,
		face: &server.LabFace{
			Domain:   shortNames(plan, suffix),
			Switcher: func(context.Context) []views.Person { return l.switcher(plan) },
			Servers: func() []views.ServerLink {
				var links []views.ServerLink
				for _, s := range plan.Servers {
					links = append(links, views.ServerLink{Name: s.Name, Origin: origin(s.Name), Hue: hue(plan, s.Name)})
				}
				return links
			},
		},
	}
}

func (l *Loopback) switcher(plan Plan) []views.Person {
	var people []views.Person
	for _, p := range plan.People {
		people = append(people, views.Person{Name: p.Name, Acct: p.Name + "@" + p.Server, Server: p.Server, Hue: hue(plan, p.Server)})
	}
	return people
}

// SetGraph changes who follows whom to the graph of that name.
func (l *Loopback) SetGraph(ctx context.Context, name string) error {
	g, err := GraphNamed(name)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.change(ctx, g)
}

func (l *Loopback) change(ctx context.Context, g Graph) error {
	for _, e := range missing(g.Follows, l.graph.Follows) {
		if err := l.lab.Unfollow(ctx, e); err != nil {
			return err
		}
	}
	for _, e := range missing(l.graph.Follows, g.Follows) {
		if err := l.lab.Follow(ctx, e); err != nil {
			return err
		}
	}
	if err := l.lab.Settle(ctx); err != nil {
		return err
	}
	l.graph = g
	return l.remember(int64(l.lab.SetUpUntil))
}

func (l *Loopback) remember(setUpUntil int64) error {
	s := state{Port: l.Port, Graph: l.graph.Name, SetUpUntil: setUpUntil, Policies: map[string]string{}}
	for _, x := range l.lab.Plan.Servers {
		s.Servers = append(s.Servers, x.Name)
		s.Policies[x.Name] = x.Policy.Name
	}
	return l.folder.write(s)
}

// Reset deletes everything and sets the lab up again. Positions of the log begin anew, by which open streams notice.
func (l *Loopback) Reset(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Router.pause()
	l.Log.Replace()
	if err := l.lab.Close(); err != nil {
		return fmt.Errorf("reset the lab: %w", err)
	}
	if err := l.folder.clear(l.lab.Plan); err != nil {
		return err
	}
	l.positions = activitylog.NewPositions(0)
	err := l.setUp(context.WithoutCancel(ctx))
	l.wake.Notify()
	return err
}

// Lab is the lab as it is now.
func (l *Loopback) Lab() *Lab {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lab
}

// Graph is the graph that holds now.
func (l *Loopback) Graph() Graph {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.graph
}

// Folder says where the data live, and whether they go when the lab ends.
func (l *Loopback) Folder() (dir string, temporary bool) { return l.folder.dir, l.folder.temp }

// Close stops serving and gives folder and port back.
func (l *Loopback) Close() error {
	l.Router.pause()
	var errs []error
	for _, ln := range l.listeners {
		errs = append(errs, ln.Close())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lab != nil {
		errs = append(errs, l.lab.Close())
	}
	return errors.Join(append(errs, l.folder.close())...)
}
