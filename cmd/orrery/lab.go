package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/lab"
	"orrery/observatory"
	"orrery/scenarios"
	"orrery/scenarios/runs"
	"orrery/views"
)

type labCmd struct {
	Port   *int   `help:"Port to serve on; 0 picks one. A lab kept with --data stays on its own, others use 8080."`
	Data   string `help:"Folder to keep the lab in; a second start finds everything again. Without it a temporary folder is used and removed." placeholder:"DIR"`
	Fresh  bool   `help:"Begin anew in the folder given with --data."`
	Graph  string `help:"Who follows whom: everyone-follows-alice or canon-follows-berta." placeholder:"NAME"`
	Policy string `help:"How the servers behave." default:"mastodon-4.1"`
	Hosts  bool   `help:"Print the line for /etc/hosts that lets other software reach the servers by name, and exit."`
}

func (c labCmd) Run(ctx context.Context, log *slog.Logger) error {
	p, err := policy.Named(c.Policy)
	if err != nil {
		return err
	}
	if c.Graph != "" {
		if _, err := lab.GraphNamed(c.Graph); err != nil {
			return err
		}
	}
	plan := func(g lab.Graph) lab.Plan { return lab.Article(p, g) }
	if c.Hosts {
		fmt.Println(hostsLine(plan(lab.Graphs()[0])))
		return nil
	}
	port := 8080
	if c.Port != nil {
		port = *c.Port
	}
	if port < 0 || port > 65535 {
		return fmt.Errorf("%d is no port. Choose one from 1 to 65535, or 0 to have one picked", port)
	}
	ffmpeg, ffprobe := programs()
	l, err := lab.OpenLoopback(lab.LoopbackOptions{FFmpeg: [2]string{ffmpeg, ffprobe}, Plan: plan, Graph: c.Graph, Port: port, Unasked: c.Port == nil, Dir: c.Data, Fresh: c.Fresh, Log: log})
	if err != nil {
		return err
	}
	defer l.Close()
	desk, done, err := labDesk(ctx, l, c.Fresh, log)
	if err != nil {
		return err
	}
	defer done()
	watch(ctx, l, plan(lab.Graphs()[0]), desk, log)
	if err := l.Start(ctx); err != nil {
		return err
	}
	announce(l)
	<-ctx.Done()
	if _, temporary := l.Folder(); temporary {
		fmt.Println("\nThe lab ends; its temporary folder is removed.")
	}
	return nil
}

// watch mounts the observatory on every host of the lab.
func watch(ctx context.Context, l *lab.Loopback, plan lab.Plan, desk *runs.Desk, log *slog.Logger) {
	face := &labFace{l}
	o := &observatory.Observatory{
		Log: l.Log, Lab: face, Viewer: everybody, Frame: face.frame, Stop: ctx.Done(), Slog: log, Runs: desk,
	}
	for _, s := range plan.Servers {
		o.Servers = append(o.Servers, views.ServerLink{Name: s.Name, Origin: fmt.Sprintf("http://%s.localhost:%d", s.Name, l.Port), Hue: views.Hue(s.Name)})
		o.Known = append(o.Known, scenarios.Known(s.Name, s.Policy))
	}
	l.Router.Observatory = mount(o)
}

func announce(l *lab.Loopback) {
	fmt.Printf("The lab is open. Its home, where one click signs you in:\n\n  http://localhost:%d/\n\n", l.Port)
	for _, h := range l.Lab().Hosts {
		var people []string
		for _, p := range l.Lab().Plan.People {
			if p.Server == h.Name {
				people = append(people, p.Name)
			}
		}
		fmt.Printf("  %-34s %s\n", h.Instance.Config.Origin+"/", strings.Join(people, ", "))
	}
	fmt.Printf("  %-34s every exchange, live\n\n", fmt.Sprintf("http://localhost:%d/lab/log", l.Port))
	if dir, temporary := l.Folder(); temporary {
		fmt.Printf("Data are in the temporary folder %s; Ctrl-C ends the lab and removes it.\n", dir)
	} else {
		fmt.Printf("Data are in %s; Ctrl-C ends the lab, and the next start with the same --data goes on.\n", dir)
	}
}

func hostsLine(plan lab.Plan) string {
	names := []string{"127.0.0.1"}
	for _, s := range plan.Servers {
		names = append(names, s.Name+".localhost")
	}
	return strings.Join(names, " ")
}

// labFace is the lab as the observatory asks for it.
type labFace struct{ *lab.Loopback }

func (f *labFace) People() []observatory.LabPerson {
	var people []observatory.LabPerson
	for _, p := range f.Lab().Plan.People {
		h := f.Lab().Host(p.Server)
		people = append(people, observatory.LabPerson{
			Name: p.Name, Display: p.Display, Server: p.Server, Origin: h.Instance.Config.Origin, Hue: views.Hue(p.Server),
		})
	}
	return people
}

func (f *labFace) Graphs() []observatory.LabGraph {
	var graphs []observatory.LabGraph
	for _, g := range lab.Graphs() {
		lg := observatory.LabGraph{Name: g.Name, Title: g.Title, Sentence: g.Sentence}
		for _, e := range g.Follows {
			lg.Edges = append(lg.Edges, e.Follower+" follows "+e.Followed)
		}
		graphs = append(graphs, lg)
	}
	return graphs
}

func (f *labFace) Graph() string { return f.Loopback.Graph().Name }

func (f *labFace) Token(ctx context.Context, account string) (observatory.TokenAnswer, error) {
	name, at, _ := strings.Cut(account, "@")
	p, _, err := f.Lab().Find(name)
	if err != nil || at != "" && at != p.Server {
		return observatory.TokenAnswer{}, fmt.Errorf("nobody in this lab is called %q", account)
	}
	token, h, err := f.Lab().Token(ctx, name)
	if err != nil {
		return observatory.TokenAnswer{}, err
	}
	return observatory.TokenAnswer{
		AccessToken: token, TokenType: "Bearer", Scope: "read write follow push", Account: p.Name + "@" + p.Server, Origin: h.Instance.Config.Origin,
	}, nil
}

func (f *labFace) Data() string {
	dir, temporary := f.Folder()
	if temporary {
		return "Everything is in the temporary folder " + dir + " and goes when the lab ends."
	}
	return "Everything is in the folder " + dir + " and is there again at the next start."
}

func (f *labFace) Script(ctx context.Context) ([]byte, error) { return scenarios.Retell(ctx, f.Lab()) }

func (f *labFace) SetUpUntil() activitylog.ID { return f.Lab().SetUpUntil }
